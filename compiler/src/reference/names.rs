//! The names that templates know, by field and mode, as plain text and as a table.
//!
//! Which names there are says `template::scope`; this module only prints them.

use crate::template::scope::{Listed, listing};

/// For a terminal: each field, and its names below.
pub(super) fn text() -> String {
    let mut out = "\nThe names that each field knows:\n\n".to_owned();
    for listed in listing() {
        let modes = if listed.modes.is_empty() { String::new() } else { format!(" in {}", quoted(&listed.modes)) };
        out += &format!("  {}{modes}\n    {}\n", listed.field, listed.names.join(", "));
    }
    out
}

/// For the book: a table.
pub fn markdown() -> String {
    let mut out = "| field | modes | names | `\\|\\|` |\n|---|---|---|---|\n".to_owned();
    for Listed { field, modes, names, has_choice } in listing() {
        let modes = if modes.is_empty() { "all".to_owned() } else { quoted(&modes) };
        let names = quoted(&names.iter().map(String::as_str).collect::<Vec<_>>());
        out += &format!("| `{field}` | {modes} | {names} | {} |\n", if has_choice { "yes" } else { "text" });
    }
    out
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
