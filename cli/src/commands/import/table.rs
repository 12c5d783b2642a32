//! The operations of a document, as `--list` shows them.

use keyway_openapi::{OperationRow, Sayable};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A line for each operation: its id, method and path, and what keeps it from being written whole.
pub(super) fn rows(rows: &[OperationRow]) -> String {
    let width = rows.iter().map(|row| row.id.chars().count()).max().unwrap_or(0).min(60);
    let mut out = String::new();
    for row in rows {
        let note = match &row.outcome {
            Sayable::Said => String::new(),
            Sayable::WithFindings(count) => format!("   ({count} noted)"),
            Sayable::NotSaid(reason) => format!("   (cannot be written: {reason})"),
        };
        let _ = writeln!(out, "{:width$}  {:<6} {}{note}", shown(&row.id), row.verb, shown(&row.path));
    }
    out
}

/// Texts of a document never steer a terminal.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// `1223 operations: 1100 whole, 100 with notes, 23 cannot be written (method TRACE 20, an answer of XML 3)`
pub(super) fn summary(rows: &[OperationRow]) -> String {
    let (mut whole, mut noted, mut reasons) = (0, 0, BTreeMap::<&str, usize>::new());
    for row in rows {
        match &row.outcome {
            Sayable::Said => whole += 1,
            Sayable::WithFindings(_) => noted += 1,
            Sayable::NotSaid(reason) => *reasons.entry(reason).or_default() += 1,
        }
    }
    let not: usize = reasons.values().sum();
    let said: Vec<String> = reasons.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
    let why = if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) };
    let operations = if rows.len() == 1 { "operation" } else { "operations" };
    format!("{} {operations}: {whole} whole, {noted} with notes, {not} cannot be written{why}", rows.len())
}
