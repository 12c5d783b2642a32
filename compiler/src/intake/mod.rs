//! The input as it was given, before anything is resolved: whether it is a catalogue at all, and what a keyboard, a
//! word processor or a copied page has done to it.
//!
//! [`read`] parses a catalogue and corrects what is certain, so that one mistake is one finding: the stages after it
//! see what was meant, and an entry with an error is not lowered. A text of another kind gets one finding and has no
//! entries.
//!
//! | file | what |
//! |---|---|
//! | `wrong_file`, `formats` | files of other kinds: an OpenAPI document, a Compose file, one entry without its key |
//! | `margin` | keys of an entry that stand at the left margin |
//! | `characters` | typographic and invisible characters in keys and values |
//! | `questions` | questions that an entry leaves open: `# TODO: ...` |
//! | `apart` | whether entries read the same without the others |
//!
//! Of the format this stage knows the few keys by which one recognises an entry, and those that hold prose.

#[cfg(feature = "tools")]
mod apart;
mod characters;
mod formats;
mod margin;
mod pages;
mod questions;
#[cfg(test)]
mod tests;
mod wrong_file;

#[cfg(feature = "tools")]
pub(crate) use apart::takes_as_they_are;
pub use pages::PAGES;

use crate::diagnostic::{Diagnostics, Rule};
use crate::source::FileId;
use crate::syntax::{Document, Mapping, Node, Value, parse};

/// Checks for a file of another kind.
pub(crate) static WRONG_FILE: Rule = Rule::error("KW0006", "wrong-file");
/// Checks for typographic quotes, spaces that are none in YAML, and characters that cannot be seen.
pub(crate) static TYPOGRAPHIC_CHARACTER: Rule = Rule::error("KW0007", "typographic-character");
/// Checks for keys of an entry at the left margin.
pub(crate) static NOT_INDENTED: Rule = Rule::error("KW0008", "not-indented");
/// Checks for questions that an entry leaves open.
pub(crate) static OPEN_QUESTION: Rule = Rule::warning("KW0009", "open-question");

/// The rules this stage reports.
pub static RULES: [&Rule; 4] = [&WRONG_FILE, &TYPOGRAPHIC_CHARACTER, &NOT_INDENTED, &OPEN_QUESTION];

/// Reads a catalogue. Of a file of another kind there is one finding, and no entry.
pub fn read(file: FileId, text: &str) -> (Document, Diagnostics) {
    let (mut document, mut found) = parse(file, text);
    if let Some(wrong) = wrong_file::recognise(file, text, &document, &found) {
        return (Document::default(), std::iter::once(wrong).collect());
    }
    correct(text, &mut document, &mut found);
    (document, found)
}

/// Reads what is laid over a catalogue: it may be empty, and hold any part of an entry.
pub fn read_overlay(file: FileId, text: &str) -> (Document, Diagnostics) {
    let (mut document, mut found) = parse(file, text);
    correct(text, &mut document, &mut found);
    (document, found)
}

fn correct(text: &str, document: &mut Document, found: &mut Diagnostics) {
    margin::correct(text, document, found);
    characters::correct(text, document, found);
    questions::find(text, document, found);
}

/// True if a value has the keys by which one recognises an entry.
fn is_entry(node: &Node) -> bool {
    node.as_mapping().is_some_and(has_keys_of_entry)
}

fn has_keys_of_entry(keys: &Mapping) -> bool {
    let scalar = |name: &str| keys.get(name).is_some_and(|entry| is_scalar(&entry.value));
    scalar("auth_mode")
        || scalar("alias")
        || scalar("display_name")
        || keys
            .get("proxy")
            .and_then(|proxy| proxy.value.as_mapping())
            .is_some_and(|proxy| proxy.get("base_url").is_some())
}

fn is_scalar(node: &Node) -> bool {
    !matches!(node.value, Value::Null | Value::Mapping(_) | Value::Sequence(_))
}
