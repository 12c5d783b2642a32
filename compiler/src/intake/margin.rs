//! Keys of an entry that stand at the left margin, where each key is that of an API.
//!
//! They go back to the entry above them, and one finding says so. Later stages check the keys themselves.

use super::{NOT_INDENTED, TYPOGRAPHIC_CHARACTER};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix};
use crate::source::Span;
use crate::syntax::characters::{Looks, looks_like, named};
use crate::syntax::{Document, Entry, Mapping, Node, Value};

/// Keys of an entry that no API is called.
const KEYS_OF_ENTRIES: [&str; 14] = [
    "auth_mode",
    "display_name",
    "docs",
    "docs_connect",
    "categories",
    "authorization_url",
    "token_url",
    "token_params",
    "authorization_params",
    "refresh_params",
    "default_scopes",
    "connection_config",
    "credentials",
    "proxy",
];

/// Moves such keys into the entry above them.
pub(super) fn correct(text: &str, document: &mut Document, found: &mut Diagnostics) {
    if !document.entries.iter().any(is_astray) {
        return;
    }
    let mut kept: Vec<Entry> = Vec::with_capacity(document.entries.entries.len());
    let mut run: Vec<Entry> = Vec::new();
    for entry in std::mem::take(&mut document.entries.entries) {
        // Only an entry that is empty so far, or a key after an odd space, is certain to have lost a key to the
        // margin.
        let above = kept.last().is_some_and(|above| above.value.value == Value::Null);
        if begins_oddly(&entry) && kept.last().is_some_and(|above| above.value.as_mapping().is_some()) {
            found.push(odd_indentation(text, &entry));
            adopt(&mut kept, vec![stripped(entry)]);
        } else if (above || !run.is_empty()) && is_key(&entry) {
            run.push(entry);
        } else {
            settle(&mut kept, &mut run, found);
            kept.push(entry);
        }
    }
    settle(&mut kept, &mut run, found);
    document.entries.entries = kept;
}

fn is_astray(entry: &Entry) -> bool {
    is_key(entry) || begins_oddly(entry)
}

/// True if this is a key of entries, and no API is called so.
pub(super) fn is_key_of_entries(name: &str) -> bool {
    KEYS_OF_ENTRIES.contains(&name)
}

fn is_key(entry: &Entry) -> bool {
    is_key_of_entries(&entry.key.name) && !super::is_entry(&entry.value)
}

fn begins_oddly(entry: &Entry) -> bool {
    entry.key.name.starts_with(|letter| looks_like(letter, Looks::Space))
}

/// Gives a run of keys to the entry above it, with a finding.
fn settle(kept: &mut [Entry], run: &mut Vec<Entry>, found: &mut Diagnostics) {
    let (Some(above), Some(first)) = (kept.last_mut(), run.first()) else { return };
    let name = &above.key.name;
    let finding = Diagnostic::new(&NOT_INDENTED, format!("the keys of `{name}` are not indented"), first.key.span)
        .label("read as the key of another API")
        .secondary(above.key.span, "so this one is empty")
        .help(format!("indent every line that belongs to `{name}` by the same number of spaces"))
        .at(std::slice::from_ref(name));
    found.push(finding);
    adopt(kept, std::mem::take(run));
}

fn adopt(kept: &mut [Entry], run: Vec<Entry>) {
    let Some(above) = kept.last_mut() else { return };
    let ends = run.iter().map(|entry| entry.key.span.to(entry.value.span));
    let span = ends.reduce(Span::to);
    let before = std::mem::replace(&mut above.value.value, Value::Null);
    let (mut mapping, is_new) = match before {
        Value::Mapping(mapping) => (mapping, false),
        _ => (Mapping::default(), true),
    };
    mapping.entries.extend(run);
    let span = span.map_or(above.value.span, |span| if is_new { span } else { above.value.span.to(span) });
    above.value = Node { span, value: Value::Mapping(mapping) };
}

/// The key without what stands before it.
fn stripped(mut entry: Entry) -> Entry {
    let name = entry.key.name.trim_start().to_owned();
    let skipped = u32::try_from(entry.key.name.len() - name.len()).unwrap_or_default();
    entry.key.span = Span { start: entry.key.span.start + skipped, ..entry.key.span };
    entry.key.name = name;
    entry
}

fn odd_indentation(text: &str, entry: &Entry) -> Diagnostic {
    let start = entry.key.span.range().start;
    let before = text.get(start..entry.key.span.range().end).unwrap_or_default();
    let before = before.get(..before.len() - before.trim_start().len()).unwrap_or_default();
    let odd = before.chars().find(|letter| *letter != ' ').unwrap_or(' ');
    let span = Span::new(entry.key.span.file, start, start + before.len());
    let edit = Edit { span, replacement: " ".repeat(before.chars().count()) };
    let help = "YAML is indented with plain spaces only; type them again";
    Diagnostic::new(&TYPOGRAPHIC_CHARACTER, format!("{} in the indentation", named(odd)), span)
        .label("YAML takes it for a letter of the key")
        .help(help)
        .fix(Fix { title: help.to_owned(), edits: vec![edit] })
}
