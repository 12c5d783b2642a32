//! The table of `--against`: how many facts of each kind have a second source.

use super::output::Format;
use crate::exit::{Failure, written};
use crate::terminal::say;
use keyway_compiler::witness::{ComparedEntry, KindCounts, counts};
use serde_json::{Value, json};
use std::io::{self, Write};

/// The columns of numbers.
const COLUMNS: [&str; 7] = ["entries", "facts", ">= 1", ">= 2", "explained", "differ", "unwitnessed"];

/// Writes the table of the entries with these keys: behind the findings, or to standard error where those are one
/// document.
pub(super) fn report(mut compared: Vec<ComparedEntry>, keys: &[String], format: Format) -> Result<(), Failure> {
    compared.retain(|entry| keys.contains(&entry.key));
    let rows = counts(&compared);
    let mut out = io::stdout().lock();
    match format {
        Format::Text => written(lines(&rows).iter().try_for_each(|line| writeln!(out, "{line}"))),
        Format::Json => written(rows.iter().try_for_each(|row| writeln!(out, "{}", object(row)))),
        Format::Sarif | Format::Github => {
            drop(out);
            for line in lines(&rows) {
                say(&line);
            }
            Ok(())
        }
    }
}

/// The head, a line for each kind, and the sums.
fn lines(rows: &[KindCounts]) -> Vec<String> {
    let width = rows.iter().map(|row| row.kind.name().len()).max().unwrap_or_default();
    let line = |name: &str, cells: [String; 7]| {
        let cells = cells.iter().zip(COLUMNS).map(|(cell, column)| format!("  {cell:>0$}", column.len()));
        format!("{name:width$}{}", cells.collect::<String>())
    };
    let sum = |of: fn(&KindCounts) -> usize| rows.iter().map(of).sum::<usize>().to_string();
    let sums = [
        String::new(),
        sum(|row| row.facts),
        sum(|row| row.by_one),
        sum(|row| row.by_two),
        sum(|row| row.explained),
        sum(|row| row.differing),
        sum(|row| row.unwitnessed),
    ];
    let head = line("fact", COLUMNS.map(str::to_owned));
    let body = rows.iter().map(|row| line(row.kind.name(), numbers(row).map(|number| number.to_string())));
    [head].into_iter().chain(body).chain([line("all", sums)]).collect()
}

fn numbers(row: &KindCounts) -> [usize; 7] {
    [row.entries, row.facts, row.by_one, row.by_two, row.explained, row.differing, row.unwitnessed]
}

/// A row, which unlike a finding has no `rule`.
fn object(row: &KindCounts) -> Value {
    json!({
        "version": 1,
        "fact": row.kind.name(),
        "entries": row.entries,
        "facts": row.facts,
        "agreed_by_one": row.by_one,
        "agreed_by_two": row.by_two,
        "explained": row.explained,
        "differing": row.differing,
        "unwitnessed": row.unwitnessed,
    })
}
