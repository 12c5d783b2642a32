//! Typographic and invisible characters in keys and values.
//!
//! They are looked for in what stands in the file as it is: an escape such as `"\u00a0"` is intended. A value for
//! people, such as a description, may have them inside; at its ends, or around it, they are a slip there too. What is
//! certain is corrected in the tree, so that no other finding follows. A text that is not YAML because of such a
//! character is explained by `syntax`.

use super::TYPOGRAPHIC_CHARACTER;
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix, Severity};
use crate::source::Span;
use crate::syntax::characters::{Looks, code_point, look, looks_like, may_hold_any, named};
use crate::syntax::{Document, Key, Mapping, Node, Text, Value};

/// Keys whose values are read by people.
const PROSE: [&str; 6] = ["display_name", "title", "description", "example", "allow", "categories"];
/// Keys whose values are regular expressions: any character may be meant.
const PATTERNS: [&str; 2] = ["pattern", "value"];

/// Reports them, and corrects the tree where that is certain.
pub(super) fn correct(text: &str, document: &mut Document, found: &mut Diagnostics) {
    if may_hold_any(text) {
        let mut search = Search { text, found, path: Vec::new() };
        if document.entries.iter().any(|entry| !entry.key.name.is_ascii()) {
            return search.mapping(&mut document.entries);
        }
        for entry in document.entries.entries.iter_mut().filter(|entry| !is_ascii(&entry.value)) {
            search.path.push(entry.key.name.clone());
            search.value(&mut entry.value);
            search.path.pop();
        }
    }
}

/// True if all keys and texts of a value are ASCII, as they mostly are: then there is nothing to look for.
fn is_ascii(node: &Node) -> bool {
    match &node.value {
        Value::Mapping(mapping) => mapping.iter().all(|entry| entry.key.name.is_ascii() && is_ascii(&entry.value)),
        Value::Sequence(items) => items.iter().all(is_ascii),
        Value::Text(text) => text.text.is_ascii(),
        _ => true,
    }
}

struct Search<'a> {
    text: &'a str,
    found: &'a mut Diagnostics,
    path: Vec<String>,
}

/// The use of a value.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    Machines,
    People,
    Pattern,
}

/// A slip in a text, with its correction.
struct Slip {
    /// The bytes that are wrong, and what belongs there.
    edits: Vec<(usize, usize, String)>,
    /// The text that was meant.
    meant: String,
    message: String,
    help: String,
}

impl Search<'_> {
    /// Depth is that of the file, which the parser bounds.
    fn mapping(&mut self, mapping: &mut Mapping) {
        let names: Vec<String> = if mapping.iter().all(|entry| entry.key.name.is_ascii()) {
            Vec::new()
        } else {
            mapping.iter().map(|entry| entry.key.name.clone()).collect()
        };
        for entry in &mut mapping.entries {
            if !entry.key.name.is_ascii() {
                self.key(&mut entry.key, &names);
            }
            self.path.push(entry.key.name.clone());
            self.value(&mut entry.value);
            self.path.pop();
        }
    }

    fn value(&mut self, node: &mut Node) {
        let span = node.span;
        match &mut node.value {
            Value::Mapping(mapping) => self.mapping(mapping),
            Value::Sequence(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.path.push(index.to_string());
                    self.value(item);
                    self.path.pop();
                }
            }
            Value::Text(text) if !text.text.is_ascii() => self.text(span, text),
            _ => {}
        }
    }

    fn key(&mut self, key: &mut Key, names: &[String]) {
        let Some(start) = verbatim(self.text, key) else { return };
        let odd = |letter: char| look(letter).is_some();
        let Some(letter) = key.name.chars().find(|letter| odd(*letter)) else { return };
        let meant: String = key.name.chars().filter(|letter| !odd(*letter)).collect();
        let meant = meant.trim().to_owned();
        let at = key.name.find(letter).unwrap_or_default();
        let path: Vec<String> = self.path.iter().cloned().chain([key.name.clone()]).collect();
        let span = Span::new(key.span.file, start + at, start + at + letter.len_utf8());
        let mut finding = Diagnostic::new(&TYPOGRAPHIC_CHARACTER, format!("{} in a key", named(letter)), span)
            .label("YAML takes it for a letter of the key")
            .at(&path);
        // A foreign space between two words is not an extra letter.
        let inner = key.name.trim_matches(odd).chars().any(|letter| looks_like(letter, Looks::Space));
        if meant.is_empty() || inner || names.contains(&meant) {
            finding = finding.help("remove it");
        } else {
            let whole = Span::new(key.span.file, start, start + key.name.len());
            finding = finding.help(format!("write `{meant}`")).fix(Fix::write(whole, meant.as_str()));
            key.name = meant;
        }
        self.found.push(finding);
    }

    fn text(&mut self, span: Span, text: &mut Text) {
        let Some(start) = text.verbatim.map(|start| start as usize) else { return };
        let quoted = start > span.range().start;
        let uses = self.uses();
        let Some(slip) = wrapped(&text.text, quoted, uses).or_else(|| inside(&text.text, uses)) else { return };
        let at = |(from, to, _): &(usize, usize, String)| Span::new(span.file, start + from, start + to);
        let shown = slip.edits.first().map_or(span, at);
        let mut finding = Diagnostic::new(&TYPOGRAPHIC_CHARACTER, slip.message, shown)
            .label("taken as a letter of the value")
            .help(slip.help)
            .at(&self.path);
        let certain = slip.meant != text.text;
        if certain {
            let edits = slip.edits.iter().map(|edit| Edit { span: at(edit), replacement: edit.2.clone() });
            finding = finding.fix(Fix { title: "write plain characters".to_owned(), edits: edits.collect() });
        }
        if uses == Use::People {
            finding.severity = Severity::Warning;
        } else if certain {
            let kept = text.text.find(&slip.meant).and_then(|at| u32::try_from(start + at).ok());
            *text = Text { text: slip.meant, verbatim: kept };
        }
        self.found.push(finding);
    }

    fn uses(&self) -> Use {
        let is = |list: &[&str]| self.path.iter().any(|name| list.contains(&name.as_str()));
        if is(&PROSE) {
            Use::People
        } else if self.path.last().is_some_and(|name| PATTERNS.contains(&name.as_str())) {
            Use::Pattern
        } else {
            Use::Machines
        }
    }
}

/// Where a key's text begins in the file, if it stands there as it is.
fn verbatim(text: &str, key: &Key) -> Option<usize> {
    let range = key.span.range();
    [range.start, range.start + 1].into_iter().find(|at| text.get(*at..*at + key.name.len()) == Some(key.name.as_str()))
}

/// Quotes around a value that YAML does not take for quotes.
fn wrapped(text: &str, quoted: bool, uses: Use) -> Option<Slip> {
    let (first, last) = (text.chars().next()?, text.chars().next_back()?);
    let (begins, ends) = (looks_like(first, Looks::Quote), looks_like(last, Looks::Quote));
    if !begins || (quoted && uses != Use::Machines) {
        return None;
    }
    let closed = text.len() > first.len_utf8() && (ends || (!quoted && matches!(last, '"' | '\'')));
    let behind = text.get(first.len_utf8()..)?;
    if !closed {
        let meant = text.to_owned();
        return (uses == Use::Machines && !behind.contains(|letter| looks_like(letter, Looks::Quote))).then(|| Slip {
            edits: vec![(0, first.len_utf8(), String::new())],
            meant,
            message: format!("{} at the beginning of a value", named(first)),
            help: "write `\"` at both ends of the value, or none".to_owned(),
        });
    }
    let inner = behind.get(..behind.len() - last.len_utf8())?;
    let apostrophe = |letter: char| matches!(letter, '\u{2018}' | '\u{2019}');
    if inner.contains(|letter| looks_like(letter, Looks::Quote) && !apostrophe(letter)) {
        return None; // `“a” and “b”`.
    }
    let quote = match (quoted, inner.contains(['"', '\\']), inner.contains('\'')) {
        (true, ..) => Some(""),
        (false, false, _) => Some("\""),
        (false, true, false) => Some("'"),
        (false, true, true) => None,
    };
    let help = match quote {
        Some(quote) if inner.chars().count() <= 60 => format!("write `{quote}{inner}{quote}`"),
        _ => "write `\"` at both ends of the value".to_owned(),
    };
    let message = if first == last || !ends {
        format!("{} around a value", named(first))
    } else {
        let name = look(first).map_or("quote", |(_, name)| name);
        format!("{name}s ({}, {}) around a value", code_point(first), code_point(last))
    };
    let edit = |from: usize, to: usize| (from, to, quote.unwrap_or_default().to_owned());
    let edits = vec![edit(0, first.len_utf8()), edit(text.len() - last.len_utf8(), text.len())];
    let meant = if quote.is_some() { inner } else { text }.to_owned();
    Some(Slip { edits, meant, message, help })
}

/// Spaces that are none, and what cannot be seen.
fn inside(text: &str, uses: Use) -> Option<Slip> {
    let is_edge = |at: usize, letter: char| {
        let around = [text.get(..at), text.get(at + letter.len_utf8()..)];
        around
            .into_iter()
            .flatten()
            .any(|side| side.chars().all(|c| c == ' ' || looks_like(c, Looks::Space) || looks_like(c, Looks::Nothing)))
    };
    let mut edits = Vec::new();
    let mut meant = String::with_capacity(text.len());
    let mut first = None;
    for (at, letter) in text.char_indices() {
        let edge = is_edge_candidate(letter) && is_edge(at, letter);
        let to = match look(letter) {
            Some((Looks::Space, _)) if edge => Some(""),
            Some((Looks::Space, _)) if uses == Use::Machines => Some(" "),
            Some((Looks::Nothing, _)) if edge || uses == Use::Machines || is_harmful(letter) => Some(""),
            _ => None,
        };
        match to {
            Some(to) => {
                first = first.or(Some((letter, edge, at)));
                edits.push((at, at + letter.len_utf8(), to.to_owned()));
                meant.push_str(to);
            }
            None => meant.push(letter),
        }
    }
    let (letter, edge, at) = first?;
    let place = match (edge, at) {
        (true, 0) => "at the beginning of a value",
        (true, _) => "at the end of a value",
        (false, _) => "in a value",
    };
    let help = match look(letter) {
        Some((Looks::Space, _)) if !edge => "write a plain space".to_owned(),
        _ => "remove it".to_owned(),
    };
    let several = if edits.len() > 1 { format!("; there are {} such characters", edits.len()) } else { String::new() };
    Some(Slip { edits, meant, message: format!("{} {place}", named(letter)), help: help + &several })
}

fn is_edge_candidate(letter: char) -> bool {
    looks_like(letter, Looks::Space) || looks_like(letter, Looks::Nothing)
}

/// True for characters that reorder visible text, and for those that no script needs.
fn is_harmful(letter: char) -> bool {
    matches!(letter, '\u{200b}' | '\u{feff}' | '\u{2060}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
