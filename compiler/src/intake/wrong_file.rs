//! Files of other kinds, told in one finding: which kind it is, and what to do with it.
//!
//! A file in which one entry looks like an entry is a catalogue, whatever else it holds: that is decided first, and
//! usually by the first entry. `formats` knows what other formats look like.

use super::formats::{self, Kind};
use super::{WRONG_FILE, is_entry, is_scalar};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::{FileId, Span};
use crate::syntax::{Document, Entry, Mapping, Node, Value};

/// Keys of an entry whose values are not maps, and that no API is called.
const KEYS_OF_ENTRIES: [&str; 7] =
    ["auth_mode", "display_name", "docs", "categories", "alias", "authorization_url", "token_url"];

/// The kind of a file that is not a catalogue.
pub(super) fn recognise(file: FileId, text: &str, document: &Document, found: &Diagnostics) -> Option<Diagnostic> {
    let root = &document.entries;
    if root.iter().any(|entry| is_entry(&entry.value)) {
        return None;
    }
    if let Some(kind) = formats::of_text(text) {
        return Some(foreign(kind, first_line(file, text)));
    }
    if let Some(other) = &document.other {
        return list_of_entries(other).or_else(|| Some(foreign(formats::of_list(other)?, other.span)));
    }
    if root.entries.is_empty() {
        return no_entry(file, document, found);
    }
    without_key(root)
        .or_else(|| wrapped(root))
        .or_else(|| formats::of_root(root).map(|(kind, entry)| foreign(kind, entry.key.span.to(entry.value.span))))
        .or_else(|| unknown(root))
}

/// A text without any key.
fn no_entry(file: FileId, document: &Document, found: &Diagnostics) -> Option<Diagnostic> {
    (document.lost.is_empty() && !found.has_errors()).then(|| {
        let empty = Diagnostic::new(&WRONG_FILE, "the file has no entry", Span::new(file, 0, 0))
            .label("nothing but space and comments")
            .help(
                "begin a line with the key of an API and a colon, such as `acme:`, and indent what describes it below",
            );
        Diagnostic { severity: Severity::Note, ..empty }
    })
}

/// The first line that says something.
fn first_line(file: FileId, text: &str) -> Span {
    let start = text.len() - text.trim_start().len();
    let line = text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
    Span::new(file, start, start + line)
}

fn foreign(kind: Kind, span: Span) -> Diagnostic {
    let message = format!("this is {}, not a file of providers", kind.name);
    Diagnostic::new(&WRONG_FILE, message, span).label(kind.label).help(kind.help)
}

/// `auth_mode: API_KEY` at the left margin.
fn without_key(root: &Mapping) -> Option<Diagnostic> {
    let own = |entry: &&Entry| {
        KEYS_OF_ENTRIES.contains(&entry.key.name.as_str()) && !matches!(entry.value.value, Value::Mapping(_))
    };
    let sure = root.get("auth_mode").is_some_and(|entry| is_scalar(&entry.value));
    if !sure && root.iter().filter(own).count() < 2 {
        return None;
    }
    let first = root.entries.first()?;
    let name = root.get("display_name").and_then(|entry| entry.value.as_str()).map(key_of);
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "acme".to_owned());
    if first.value.value == Value::Null && !KEYS_OF_ENTRIES.contains(&first.key.name.as_str()) {
        return None; // Its key is there; that the others are not indented is said elsewhere.
    }
    let found = Diagnostic::new(&WRONG_FILE, "this is one entry without its key", first.key.span)
        .label("the keys of an entry begin here")
        .help(format!("write the API's key on a line above, such as `{name}:`, and indent everything below it"));
    Some(found)
}

/// `Acme CRM` as a key.
fn key_of(name: &str) -> String {
    let letters = name.chars().take(60).map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' });
    letters.collect::<String>().split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// `providers: {acme: {auth_mode: ..}}`.
fn wrapped(root: &Mapping) -> Option<Diagnostic> {
    let holds = |entry: &&Entry| {
        let inside = entry.value.as_mapping().is_some_and(|map| map.iter().any(|inner| is_entry(&inner.value)));
        inside || entry.value.as_sequence().is_some_and(|items| items.iter().any(is_entry))
    };
    let wrapper = root.iter().find(holds)?;
    let name = &wrapper.key.name;
    let others: Vec<String> = root
        .iter()
        .filter(|entry| entry.key.name != *name)
        .map(|entry| format!("`{}`", entry.key.name))
        .take(3)
        .collect();
    let more = if others.is_empty() { String::new() } else { format!("; {} goes too", others.join(", ")) };
    let help = if wrapper.value.as_mapping().is_some() {
        format!("remove the line `{name}:`, so that each API's key stands at the left margin{more}")
    } else {
        format!(
            "remove the line `{name}:`, and begin each entry with its key at the left margin instead of `-`: `acme:`{more}"
        )
    };
    Some(
        Diagnostic::new(&WRONG_FILE, format!("the entries stand under `{name}`"), wrapper.key.span)
            .label("read as the key of an API")
            .help(help),
    )
}

/// `- name: acme`, `- acme: {..}`.
fn list_of_entries(root: &Node) -> Option<Diagnostic> {
    let items = root.as_sequence()?;
    let of_one = |item: &Node| item.as_mapping().is_some_and(|map| map.iter().any(|entry| is_entry(&entry.value)));
    let first = items.iter().find(|item| is_entry(item) || of_one(item))?;
    let help = if is_entry(first) {
        "begin each entry with its key instead of `-`: a line `acme:`, and what describes it indented below"
    } else {
        "remove the `- ` before each key, so that the keys stand at the left margin"
    };
    let found =
        Diagnostic::new(&WRONG_FILE, "the entries are a list; they must be a map from keys to entries", first.span);
    Some(found.label("an item of a list has no key").help(help))
}

/// Nothing by which one could recognise an entry, and values that no entry has.
fn unknown(root: &Mapping) -> Option<Diagnostic> {
    let scalars = root.iter().filter(|entry| is_scalar(&entry.value) || entry.value.as_sequence().is_some()).count();
    let first = root.entries.first()?;
    let is_own = |entry: &Entry| entry.value.value == Value::Null || entry.value.as_mapping().is_some_and(has_own_key);
    if scalars < 2 || root.iter().any(is_own) {
        return None;
    }
    let found = Diagnostic::new(&WRONG_FILE, "nothing in this file describes an API", first.key.span)
        .label("read as the key of an API")
        .help("is it the right file? each key at the left margin is an API, with `display_name`, `auth_mode` and `proxy` below it");
    Some(found)
}

/// True if a map has a key that only entries have, rightly spelt or nearly.
fn has_own_key(map: &Mapping) -> bool {
    let own =
        KEYS_OF_ENTRIES.iter().copied().chain(["proxy", "credentials", "connection_config", "token_params", "keyway"]);
    let own: Vec<&str> = own.collect();
    map.iter().any(|entry| crate::diagnostic::near(&entry.key.name, own.iter().copied()).is_some())
}
