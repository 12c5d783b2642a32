//! The tables of `docs/src/guide/vendor-says.md`: what a row says to write compiles over the entry above its table, and
//! says something.

use keyway_compiler::diagnostic::Severity;
use keyway_compiler::pipeline::{Input, compile};
use keyway_compiler::source::Sources;

/// The fewest rows of all tables.
const MIN_ROWS: usize = 30;

#[test]
fn every_row_of_what_vendors_say_compiles_and_changes_the_entry_above_it() {
    let text = std::fs::read_to_string(crate::root().join("docs/src/guide/vendor-says.md")).unwrap();
    let (mut base, mut is_open, mut rows) = (String::new(), false, 0);
    let mut failed = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            is_open = !is_open;
            if is_open {
                base.clear();
            }
        } else if is_open {
            base.push_str(line);
            base.push('\n');
        } else if let Some(keys) = keys(line) {
            rows += 1;
            if let Err(reason) = laid_over(&base, &keys) {
                failed.push(format!("{line}\n{reason}"));
            }
        }
    }
    assert_eq!(failed.join("\n\n"), "");
    assert!(rows >= MIN_ROWS, "{rows} rows are found");
}

/// The keys of a row: the code in its last cell, a key a line.
fn keys(line: &str) -> Option<Vec<&str>> {
    let (_, cell) = line.strip_prefix("| ")?.strip_suffix(" |")?.rsplit_once(" | ")?;
    let keys: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
    (!keys.is_empty()).then_some(keys)
}

/// Lays keys over an entry. An error names what the compiler says, or that nothing changed.
fn laid_over(base: &str, keys: &[&str]) -> Result<(), String> {
    let mut sources = Sources::default();
    let catalogue = sources.add("base.yaml", base);
    let (_, before) = compile(&sources, Input { catalogue, overlays: Vec::new() }, &[]);
    let overlay: String = keys.iter().flat_map(|key| ["  ", key, "\n"]).collect();
    let overlay = sources.add("row.yaml", format!("acme:\n{overlay}"));
    let (checked, after) = compile(&sources, Input { catalogue, overlays: vec![overlay] }, &[]);
    let found: Vec<String> = checked
        .diagnostics
        .iter()
        .filter(|found| found.severity != Severity::Note)
        .map(|found| format!("{}: {}", found.rule.name, found.message))
        .collect();
    if !found.is_empty() {
        return Err(found.join("; "));
    }
    if after.is_empty() || before == after { Err("it says nothing new".to_owned()) } else { Ok(()) }
}
