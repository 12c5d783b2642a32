//! The decision between variants: by the kind of JSON value first, by a member that tells objects apart second.

use super::view::{SchemaView, peel, view};
use crate::read::At;
use serde_json::Value;
use std::collections::HashSet;

/// The most variants that are told apart.
const MAX_VARIANTS: usize = 200;

/// A kind of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonKind {
    Text,
    Integer,
    Number,
    Bool,
    List,
    Object,
}

/// A variant with its schema.
pub(super) type Variant<'d> = (At<'d>, SchemaView<'d>);

/// Variants by their kind.
pub(super) type Groups<'d> = Vec<(JsonKind, Vec<Variant<'d>>)>;

/// Variants by kind, those of nested unions included, in the order of the document; `None` where a variant may be
/// anything. The flag is true if one may be `null`.
pub(super) fn kinds<'d>(variants: &[At<'d>]) -> Option<(Groups<'d>, bool)> {
    let (mut groups, mut is_nullable): (Groups<'d>, bool) = (Vec::new(), false);
    let mut seen = HashSet::new();
    let mut open: Vec<At<'d>> = variants.iter().rev().cloned().collect();
    while let Some(next) = open.pop() {
        let (at, may_be_null) = peel(&next).ok()?;
        is_nullable |= may_be_null;
        if !seen.insert((at.file, at.pointer.clone())) {
            continue;
        }
        if seen.len() > MAX_VARIANTS {
            return None;
        }
        let view = view(&at);
        is_nullable |= view.is_nullable;
        if !view.variants.is_empty() && view.properties.is_empty() && view.values.is_none() {
            open.extend(view.variants.iter().rev().cloned());
            continue;
        }
        for kind in kinds_of(&view)? {
            match groups.iter_mut().find(|(other, _)| *other == kind) {
                Some((_, members)) => members.push((at.clone(), view.clone())),
                None => groups.push((kind, vec![(at.clone(), view.clone())])),
            }
        }
    }
    // A whole number is a number.
    if groups.iter().any(|(kind, _)| *kind == JsonKind::Number) {
        groups.retain(|(kind, _)| *kind != JsonKind::Integer);
    }
    (!groups.is_empty()).then_some((groups, is_nullable))
}

/// The kinds of value that a schema without variants allows; `None` for any.
pub(super) fn kinds_of(view: &SchemaView<'_>) -> Option<Vec<JsonKind>> {
    if let Some(values) = &view.values {
        let mut kinds: Vec<JsonKind> = Vec::new();
        for kind in values.iter().filter_map(|value| kind_of(value)) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        return (!kinds.is_empty()).then_some(kinds);
    }
    if view.types.is_empty() {
        if view.is_object() {
            return Some(vec![JsonKind::Object]);
        }
        return view.items.as_ref().map(|_| vec![JsonKind::List]);
    }
    let kind = |name: &&str| match *name {
        "string" | "file" => Some(JsonKind::Text),
        "integer" => Some(JsonKind::Integer),
        "number" => Some(JsonKind::Number),
        "boolean" => Some(JsonKind::Bool),
        "array" => Some(JsonKind::List),
        "object" => Some(JsonKind::Object),
        _ => None,
    };
    let mut kinds: Vec<JsonKind> = view.types.iter().map(kind).collect::<Option<_>>()?;
    let mut seen = Vec::new();
    kinds.retain(|kind| {
        !seen.contains(kind) && {
            seen.push(*kind);
            true
        }
    });
    if kinds.contains(&JsonKind::Number) {
        kinds.retain(|kind| *kind != JsonKind::Integer);
    }
    Some(kinds)
}

pub(super) fn kind_of(value: &Value) -> Option<JsonKind> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some(JsonKind::Bool),
        Value::Number(number) if number.is_f64() => Some(JsonKind::Number),
        Value::Number(_) => Some(JsonKind::Integer),
        Value::String(_) => Some(JsonKind::Text),
        Value::Array(_) => Some(JsonKind::List),
        Value::Object(_) => Some(JsonKind::Object),
    }
}

/// The member that tells objects apart, with the values for each of them. No value stands for two.
pub(super) fn tag(members: &[Variant<'_>], discriminator: Option<&At<'_>>) -> Option<(String, Vec<Vec<String>>)> {
    let said = discriminator.and_then(|at| Some((at.text("propertyName")?, at)));
    let found = said.and_then(|(name, at)| Some((name.to_owned(), said_values(members, name, at)?)));
    let (name, values) = found.or_else(|| {
        let (_, first) = members.first()?;
        let values = |name: &str| members.iter().map(|(_, view)| constants(view, name)).collect::<Option<Vec<_>>>();
        let told = first.properties.iter().find_map(|(name, _)| {
            let values = values(name)?;
            are_distinct(&values).then_some((name, values))
        });
        told.map(|(name, values)| ((*name).to_owned(), values))
    })?;
    are_distinct(&values).then_some((name, values))
}

/// The values that a discriminator says for each object: the constants of the member itself, else those of the mapping,
/// else the schema's name.
fn said_values(members: &[Variant<'_>], name: &str, discriminator: &At<'_>) -> Option<Vec<Vec<String>>> {
    let mapping = discriminator.get("mapping").map(|at| at.members()).unwrap_or_default();
    let values = members.iter().map(|(at, view)| {
        let mapped = mapping.iter().filter(|(_, to)| {
            let to = to.value.as_str().unwrap_or_default();
            to.rsplit('/').next() == Some(at.name().as_str()) || to.ends_with(&at.pointer) && !at.pointer.is_empty()
        });
        let mapped: Vec<String> = mapped.map(|(value, _)| (*value).to_owned()).collect();
        let constants = constants(view, name).unwrap_or_default();
        if !constants.is_empty() {
            return Some(constants);
        }
        Some(if mapped.is_empty() { vec![at.name()] } else { mapped })
    });
    values.collect()
}

/// The texts that a member of an object may be, where they are listed.
fn constants(object: &SchemaView<'_>, name: &str) -> Option<Vec<String>> {
    let (_, first) = object.properties.first()?;
    if !first.spend(1 + object.properties.len() / 16) {
        return None;
    }
    let (_, at) = object.properties.iter().find(|(property, _)| *property == name)?;
    let values = view(&peel(at).ok()?.0).values?;
    let texts: Option<Vec<String>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
    texts.filter(|texts| !texts.is_empty())
}

fn are_distinct(values: &[Vec<String>]) -> bool {
    let mut seen = HashSet::new();
    values.iter().flatten().all(|value| seen.insert(value))
}
