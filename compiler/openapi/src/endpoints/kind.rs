//! Schemas as kinds of values.

use crate::read::At;
use crate::shape::{peel, view};
use keyway_spec::operation::ValueKind;
use serde_json::Value;

/// The most values that are listed: a longer list helps no reader.
const MAX_VALUES: usize = 40;

/// A kind, with the values there are, of texts alone.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DraftKind {
    pub(super) is: ValueKind,
    pub(super) values: Vec<String>,
}

impl DraftKind {
    /// One that any value of the kind has.
    pub(super) fn of(is: ValueKind) -> DraftKind {
        DraftKind { is, values: Vec::new() }
    }
}

/// The kind of a schema; any JSON where it says none, or more than a kind can.
pub(super) fn kind(at: &At<'_>) -> DraftKind {
    let Ok((at, _)) = peel(at) else { return DraftKind::of(ValueKind::Any) };
    let view = view(&at);
    if !view.variants.is_empty() {
        return DraftKind::of(ValueKind::Any);
    }
    let listed = view.values.as_deref().unwrap_or_default();
    match view.types.as_slice() {
        ["string"] => DraftKind { is: ValueKind::String, values: texts(listed) },
        ["integer"] => DraftKind::of(ValueKind::Integer),
        ["number"] => DraftKind::of(ValueKind::Number),
        ["boolean"] => DraftKind::of(ValueKind::Boolean),
        ["array"] => list(view.items.as_ref()),
        [] if view.items.is_some() => list(view.items.as_ref()),
        [] if !listed.is_empty() && listed.iter().all(|value| value.is_string()) => {
            DraftKind { is: ValueKind::String, values: texts(listed) }
        }
        _ => DraftKind::of(ValueKind::Any),
    }
}

fn list(items: Option<&At<'_>>) -> DraftKind {
    let of = items.map_or(DraftKind::of(ValueKind::Any), kind_of_item);
    match of.is {
        ValueKind::String => DraftKind { is: ValueKind::Strings, ..of },
        ValueKind::Integer => DraftKind { is: ValueKind::Integers, ..of },
        _ => DraftKind::of(ValueKind::Any),
    }
}

/// A list in a list is no kind, so this goes one step and no further.
fn kind_of_item(at: &At<'_>) -> DraftKind {
    let Ok((at, _)) = peel(at) else { return DraftKind::of(ValueKind::Any) };
    let view = view(&at);
    let listed = view.values.as_deref().unwrap_or_default();
    match view.types.as_slice() {
        ["string"] if view.variants.is_empty() => DraftKind { is: ValueKind::String, values: texts(listed) },
        ["integer"] if view.variants.is_empty() => DraftKind::of(ValueKind::Integer),
        _ => DraftKind::of(ValueKind::Any),
    }
}

/// The values as an entry writes them; none where one of them is no text, or where they are too many.
fn texts(listed: &[&Value]) -> Vec<String> {
    let text = |value: &&Value| value.as_str().filter(|text| !text.chars().any(char::is_control)).map(str::to_owned);
    let texts: Option<Vec<String>> = listed.iter().map(text).collect();
    texts.filter(|texts| texts.len() <= MAX_VALUES).unwrap_or_default()
}
