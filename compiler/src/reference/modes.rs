//! A mode for a terminal: how it signs in, the keys that only it reads, a whole entry.

use super::example::EXAMPLES;
use super::keys::all_keys;
use crate::model::{KeyDoc, Mode};
use std::fmt::Write as _;

/// The text of a mode, by its name; `None` for any other word.
pub fn mode_text(name: &str) -> Option<String> {
    let mode = Mode::ALL.iter().find(|mode| mode.name() == name)?;
    let mut out = format!("auth_mode: {name}\n\n  {}\n", mode.facts().summary);
    let own: Vec<&KeyDoc> = all_keys().iter().filter(|doc| doc.modes.contains(&name)).collect();
    if own.is_empty() {
        out += "\n  It reads the keys of every entry and none of its own.\n";
    } else {
        out += "\n  keys that it reads beside those of every entry\n";
        let width = own.iter().map(|doc| doc.path.len()).max().unwrap_or_default();
        for doc in own {
            let _ = writeln!(out, "    {:width$}  {}", doc.path, first_sentence(&doc.doc));
        }
    }
    for example in mode_examples(name) {
        out += "\n  example\n";
        for line in example.lines() {
            let _ = writeln!(out, "    {line}");
        }
    }
    Some(out)
}

/// The whole entries of a mode among the examples.
pub fn mode_examples(mode: &str) -> impl Iterator<Item = String> {
    let line = format!("    auth_mode: {mode}");
    let entries = EXAMPLES.split("\n\n").filter(|entry| !entry.starts_with('#'));
    let of_mode = entries.filter(move |entry| entry.lines().any(|shown| shown == line));
    of_mode.map(|entry| format!("{}\n", entry.trim_end()))
}

fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text.trim_end_matches('.'), |(first, _)| first)
}
