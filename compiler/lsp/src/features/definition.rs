//! From a use to what it names: an alias to its target, a name of a template to the field or the request behind it.
//!
//! The compiler knows where a name is declared.

use super::names::{ResolvedCursor, name_at};
use crate::cursor::Slot;
use crate::session::View;
use keyway_compiler::source::Span;
use keyway_compiler::template::declaration;
use lsp_types::Position;
use serde_json::{Value, json};

/// Where the word at a position is defined: a list of one `LocationLink`.
pub(crate) fn at(view: &View<'_>, position: Position) -> Option<Value> {
    let offset = view.offset(position);
    let cursor = ResolvedCursor::at(view, offset)?;
    let (origin, target) = defined(view, &cursor, offset)?;
    let target = view.place(target);
    Some(json!([{
        "originSelectionRange": view.range(&origin),
        "targetUri": view.uri,
        "targetRange": target,
        "targetSelectionRange": target,
    }]))
}

fn defined(view: &View<'_>, cursor: &ResolvedCursor<'_>, offset: usize) -> Option<(std::ops::Range<usize>, Span)> {
    let (context, text) = (&cursor.context, view.text.as_str());
    if context.slot == Slot::Key {
        return None;
    }
    let word = text.get(context.token.clone())?;
    let body = &cursor.entry.as_ref()?.body;
    match cursor.path().as_slice() {
        ["alias"] => Some((context.token.clone(), view.entry(word)?.key.span)),
        // A condition names a field of the same map.
        [map, _, "visible_when", "field"] => {
            let fields = body.get(map)?.value.as_mapping()?;
            Some((context.token.clone(), fields.get(word)?.key.span))
        }
        ["keyway", "authorization", "config_params"] => {
            Some((context.token.clone(), declaration(body, &format!("connectionConfig.{word}"))?.span))
        }
        _ => {
            let name = name_at(text, &context.token, offset)?;
            let found = declaration(body, text.get(name.clone())?)?;
            Some((name, found.span))
        }
    }
}
