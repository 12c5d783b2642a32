//! Hover: the meaning of a key, a value or a name.
//!
//! The texts are the reference's, the rule pages' and the entries' own.

use super::names::{ResolvedCursor, name_at};
use super::symbols::display_name;
use crate::cursor::Slot;
use crate::session::View;
use crate::vocabulary;
use keyway_compiler::reference::{markdown, rules_of};
use keyway_compiler::resolve::Resolved;
use keyway_compiler::syntax::Node;
use keyway_compiler::template::declaration;
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};
use std::ops::Range;

/// The hover text of the word at a position.
pub(crate) fn at(view: &View<'_>, position: Position) -> Option<Hover> {
    let offset = view.offset(position);
    let cursor = ResolvedCursor::at(view, offset)?;
    let (bytes, text) = told(view, &cursor, offset)?;
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text });
    Some(Hover { contents, range: Some(view.range(&bytes)) })
}

fn told(view: &View<'_>, cursor: &ResolvedCursor<'_>, offset: usize) -> Option<(Range<usize>, String)> {
    let (context, text) = (&cursor.context, view.text.as_str());
    let word = text.get(context.token.clone())?;
    let whole = |told: String| Some((context.token.clone(), told));
    if context.slot == Slot::Key {
        let Some(_) = &context.entry else { return whole(summary(view.entry(word)?)) };
        let path: Vec<&str> = cursor.path().into_iter().chain([word]).collect();
        if let ["keyway", "allow", rule] = path.as_slice() {
            return whole(rules_of(rule).first()?.markdown());
        }
        return whole(markdown(vocabulary::doc(&path, cursor.mode())?));
    }
    let path = cursor.path();
    if path == ["alias"] {
        return whole(summary(view.entry(word)?));
    }
    if let Some(name) = name_at(text, &context.token, offset) {
        let written = text.get(name.clone())?;
        let found = declaration(&cursor.entry.as_ref()?.body, written)?;
        return Some((name, described(written, found.node)));
    }
    let doc = vocabulary::doc(&path, cursor.mode())?;
    let meaning = doc.values.iter().find(|(value, meaning)| *value == word && !meaning.is_empty());
    whole(match meaning {
        Some((value, meaning)) => format!("**`{value}`**\n\n{meaning}\n"),
        None => markdown(doc),
    })
}

/// An entry in three lines.
fn summary(entry: &Resolved) -> String {
    let text = |key: &str| entry.body.get(key).and_then(|entry| entry.value.as_str());
    let mut out = format!("**{}**", display_name(entry).unwrap_or(&entry.key.name));
    out.extend(text("auth_mode").map(|mode| format!(", `{mode}`")));
    out.extend(entry.alias.as_ref().map(|alias| format!(", an alias of `{}`", alias.target)));
    out.extend(text("docs").map(|docs| format!("\n\n<{docs}>")));
    out
}

/// The description of a field that an entry declares.
fn described(name: &str, node: &Node) -> String {
    let text = |key: &str| node.as_mapping()?.get(key)?.value.as_str();
    let mut out = format!("**`{name}`**");
    out.extend(text("title").map(|title| format!(" {title}")));
    out.extend(text("description").map(|description| format!("\n\n{description}")));
    out.extend(text("pattern").map(|pattern| format!("\n\n- pattern: `{pattern}`")));
    out.extend(text("example").map(|example| format!("\n- example: `{example}`")));
    out
}
