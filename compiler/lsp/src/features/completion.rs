//! Completions: keys, values, names of templates.
//!
//! The lists come from the compiler; this file has none of its own.

use super::names::{ResolvedCursor, name_at};
use super::symbols::display_name;
use crate::cursor::Slot;
use crate::session::View;
use crate::vocabulary;
use keyway_compiler::lower;
use keyway_compiler::model::{self, KeyDoc};
use keyway_compiler::reference::all_rules;
use keyway_compiler::template::scope::Scope;
use keyway_compiler::template::{FUNCTIONS, field_at};
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Documentation, MarkupContent, MarkupKind, Position,
    TextEdit,
};
use std::ops::Range;

/// The completions at a position.
pub(crate) fn at(view: &View<'_>, position: Position) -> Vec<CompletionItem> {
    let offset = view.offset(position);
    let Some(cursor) = ResolvedCursor::at(view, offset) else { return Vec::new() };
    let token = &cursor.context.token;
    let (range, words) = match name_at(view.text.as_str(), token, offset) {
        // What stands after the cursor belongs to a name only if the name is closed.
        Some(name) if cursor.context.slot != Slot::Key => {
            let closed = view.text.as_str().get(name.end..).is_some_and(|rest| rest.starts_with('}'));
            (if closed { name } else { name.start..offset }, names(&cursor))
        }
        _ => (token.clone(), words(view, &cursor)),
    };
    let edit_range = view.range(&range);
    let numbered = words.into_iter().enumerate();
    numbered.map(|(index, word)| item(view, &range, edit_range, index, word)).collect()
}

/// A word that may be written.
struct Word {
    text: String,
    kind: CompletionItemKind,
    detail: String,
    docs: String,
}

fn item(view: &View<'_>, range: &Range<usize>, place: lsp_types::Range, index: usize, word: Word) -> CompletionItem {
    let behind = view.text.as_str().get(range.end..).unwrap_or("");
    let opens_value = word.kind == CompletionItemKind::PROPERTY && !behind.starts_with([':', '"', '\'']);
    let new_text = if opens_value { format!("{}: ", word.text) } else { word.text.clone() };
    let markdown = MarkupContent { kind: MarkupKind::Markdown, value: word.docs };
    CompletionItem {
        label: word.text,
        kind: Some(word.kind),
        detail: Some(word.detail).filter(|detail| !detail.is_empty()),
        documentation: (!markdown.value.is_empty()).then_some(Documentation::MarkupContent(markdown)),
        sort_text: Some(format!("{index:05}")),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range: place, new_text })),
        ..CompletionItem::default()
    }
}

fn words(view: &View<'_>, cursor: &ResolvedCursor<'_>) -> Vec<Word> {
    let mut words = if cursor.context.slot == Slot::Key { Vec::new() } else { values(view, cursor) };
    if cursor.context.slot != Slot::Value {
        words.extend(keys(cursor));
    }
    words
}

/// The keys that the map here may have and does not have yet, required ones first.
fn keys(cursor: &ResolvedCursor<'_>) -> Vec<Word> {
    let Some(_) = &cursor.context.entry else { return Vec::new() };
    let path = cursor.path();
    if path == ["keyway", "allow"] {
        let named = all_rules().iter().filter(|doc| doc.page.is_some());
        let words = named.map(|doc| word(doc.rule.name, CompletionItemKind::PROPERTY, doc.rule.code, doc.summary()));
        return words.filter(|word| !cursor.context.before.contains(&word.text)).collect();
    }
    let present = present(cursor, &path);
    let missing = |doc: &&&KeyDoc| !present.iter().any(|key| key == vocabulary::name(doc));
    let docs = vocabulary::keys_below(&path, cursor.mode());
    let (required, others): (Vec<_>, Vec<_>) = docs.iter().filter(missing).partition(|doc| doc.required);
    let describe = |doc: &&KeyDoc| word(vocabulary::name(doc), CompletionItemKind::PROPERTY, &doc.type_name, &doc.doc);
    required.into_iter().chain(others).map(describe).collect()
}

/// The keys that the map at a path has: those before the cursor and, where that can be told, those after it.
fn present(cursor: &ResolvedCursor<'_>, path: &[&str]) -> Vec<String> {
    let mut present = cursor.context.before.clone();
    let in_list = cursor.context.path.iter().any(|step| step == "[]");
    if let (Some(entry), false) = (&cursor.entry, in_list) {
        let map = path.iter().try_fold(&entry.body, |map, step| map.get(step)?.value.as_mapping());
        // What is inherited may be written again, one level below the entry: it replaces.
        let own = map.into_iter().flatten().filter(|item| !entry.inherits(item.key.span));
        present.extend(own.map(|item| item.key.name.clone()));
    }
    present
}

fn values(view: &View<'_>, cursor: &ResolvedCursor<'_>) -> Vec<Word> {
    let path = cursor.path();
    if path == ["alias"] {
        let others = view.known.entries.iter().filter(|entry| Some(&entry.key.name) != cursor.context.entry.as_ref());
        return others
            .map(|entry| {
                word(&entry.key.name, CompletionItemKind::REFERENCE, display_name(entry).unwrap_or_default(), "")
            })
            .collect();
    }
    let Some(doc) = vocabulary::doc(&path, cursor.mode()) else { return Vec::new() };
    if doc.is_boolean {
        return ["true", "false"].map(|value| word(value, CompletionItemKind::VALUE, "", &doc.doc)).into();
    }
    let listed = doc.values.iter();
    listed.map(|(value, meaning)| word(value, CompletionItemKind::ENUM_MEMBER, "", meaning)).collect()
}

/// The names that a template here knows, in the entry's mode.
fn names(cursor: &ResolvedCursor<'_>) -> Vec<Word> {
    let Some(field) = field_at(&cursor.path()) else { return Vec::new() };
    let provider = cursor.entry.as_ref().and_then(|entry| model::lower(entry).0);
    let Some(provider) = provider else { return Vec::new() };
    let declared = lower::declared(&provider);
    let mut names = Scope::new(field, &declared).names();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    let names = names.iter().map(|name| word(name, CompletionItemKind::VARIABLE, "", ""));
    let always = ["now", "random"].map(|name| word(name, CompletionItemKind::KEYWORD, "", ""));
    // The result of a call cannot be encoded for a place in a URL.
    let functions = FUNCTIONS.into_iter().filter(|_| !field.is_url());
    let functions = functions.map(|function| word(function.name(), CompletionItemKind::FUNCTION, "", ""));
    names.chain(always).chain(functions).collect()
}

fn word(text: &str, kind: CompletionItemKind, detail: &str, docs: &str) -> Word {
    Word { text: text.to_owned(), kind, detail: detail.to_owned(), docs: docs.to_owned() }
}
