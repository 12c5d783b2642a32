//! A summary in numbers: a line, and where there is much, a line for each rule.

use crate::commands::plural;
use keyway_compiler::diagnostic::{Diagnostics, Severity};
use keyway_compiler::pipeline::Checked;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// The number of findings from which the summary has a line for each rule.
const MIN_FOR_TABLE: usize = 20;

/// `981 entries, 3 errors, 12 warnings in 94 ms`; notes only where there are some. Of many findings also how many are
/// of which rule, the worst and most frequent ones first.
pub(super) fn of(checked: &Checked, took: Duration) -> String {
    let found = &checked.diagnostics;
    let entries = plural(checked.keys.len(), "entry", "entries");
    let errors = plural(found.count(Severity::Error), "error", "errors");
    let warnings = plural(found.count(Severity::Warning), "warning", "warnings");
    let notes = match found.count(Severity::Note) {
        0 => String::new(),
        notes => format!(", {}", plural(notes, "note", "notes")),
    };
    let line = format!("{entries}, {errors}, {warnings}{notes} in {} ms", took.as_millis());
    if found.len() < MIN_FOR_TABLE { line } else { format!("{line}{}", by_rule(found)) }
}

/// One line for each rule: how many, how bad, which.
fn by_rule(found: &Diagnostics) -> String {
    let mut counts: BTreeMap<(Severity, &str, &str), usize> = BTreeMap::new();
    for finding in found {
        *counts.entry((finding.severity, finding.rule.code, finding.rule.name)).or_default() += 1;
    }
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_by_key(|((severity, ..), count)| (*severity, std::cmp::Reverse(*count)));
    rows.iter().fold(String::new(), |mut text, ((severity, code, name), count)| {
        let _ = write!(text, "\n{count:>7} {:7} {code} {name}", severity.as_str());
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_compiler::diagnostic::{Diagnostic, Rule};
    use keyway_compiler::source::{FileId, Span};

    static ERROR: Rule = Rule::error("KW9997", "an-error");
    static WARNING: Rule = Rule::warning("KW9998", "a-warning");
    static NOTE: Rule = Rule::note("KW9999", "a-note");

    fn checked(keys: usize, rules: &[&'static Rule]) -> Checked {
        let found = rules.iter().map(|rule| Diagnostic::new(rule, "m", Span::new(FileId(0), 0, 0)));
        Checked {
            entries: Vec::new(),
            providers: Vec::new(),
            keys: vec![String::new(); keys],
            diagnostics: found.collect(),
        }
    }

    #[test]
    fn the_summary_counts_what_there_is() {
        for (keys, rules, expected) in [
            (0, &[][..], "0 entries, 0 errors, 0 warnings in 94 ms"),
            (1, &[&ERROR, &WARNING], "1 entry, 1 error, 1 warning in 94 ms"),
            (2, &[&WARNING, &WARNING, &NOTE], "2 entries, 0 errors, 2 warnings, 1 note in 94 ms"),
        ] {
            assert_eq!(of(&checked(keys, rules), Duration::from_millis(94)), expected);
        }
    }

    #[test]
    fn of_many_findings_each_rule_is_counted() {
        let mut rules = vec![&NOTE; 12];
        rules.extend([&WARNING; 7]);
        let few = of(&checked(2, &rules), Duration::from_millis(94));
        assert_eq!(few.lines().count(), 1, "{few}");
        rules.push(&ERROR);
        let lines = of(&checked(2, &rules), Duration::from_millis(94));
        assert_eq!(
            lines.lines().skip(1).collect::<Vec<_>>(),
            ["      1 error   KW9997 an-error", "      7 warning KW9998 a-warning", "     12 note    KW9999 a-note"]
        );
    }
}
