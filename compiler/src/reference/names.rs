//! The names that templates know, by field and mode, as plain text and as a table.
//!
//! Which names there are says `template::scope`; this module only prints them.

use crate::model::Mode;
use crate::template::scope::{Listed, listing};
use std::fmt::Write as _;

/// For a terminal: each field, and its names below.
pub(super) fn text() -> String {
    let mut out = "\nThe names that each field knows:\n\n".to_owned();
    for listed in listing() {
        let modes = if listed.modes.is_empty() { String::new() } else { format!(" in {}", modes(&listed)) };
        let _ = writeln!(out, "  {}{modes}\n    {}", listed.field, listed.names.join(", "));
    }
    out
}

/// For the book: a table.
pub fn markdown() -> String {
    let mut out = "| field | modes | names | `\\|\\|` |\n|---|---|---|---|\n".to_owned();
    for listed in listing() {
        let names = quoted(listed.names.iter().map(String::as_str));
        let choice = if listed.has_choice { "yes" } else { "text" };
        let _ = writeln!(out, "| `{}` | {} | {names} | {choice} |", listed.field, modes(&listed));
    }
    out
}

/// The modes of a group: `all`, their names, or for most of them those that are left out.
fn modes(listed: &Listed) -> String {
    let others = Mode::ALL.iter().map(|mode| mode.name()).filter(|mode| !listed.modes.contains(mode));
    if listed.modes.is_empty() {
        "all".to_owned()
    } else if listed.modes.len() * 2 > Mode::ALL.len() {
        format!("all but {}", quoted(others))
    } else {
        quoted(listed.modes.iter().copied())
    }
}

fn quoted<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
