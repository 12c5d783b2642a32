//! How requests look: headers, where the credential stands, pages, retry.
//!
//! A credential that only the mode places (a bearer token, Basic) stands in no template: it moves with the mode.

use super::side::{Pair, Side};
use super::{Change, Kind};
use crate::syntax::{Mapping, Node, Value};
use crate::template::scope::standard_credentials;
use crate::template::{Kind as Part, Node as TemplateNode, parse};
use std::collections::BTreeMap;

/// Changes of requests.
pub(super) fn compare(pair: &Pair<'_>) -> Vec<Change> {
    let (old, new) = (placements(&pair.old), placements(&pair.new));
    // Another mode has other credentials: that is told.
    let same_mode = pair.old.text(&["auth_mode"]) == pair.new.text(&["auth_mode"]);
    let mut changes: Vec<Change> = placement(pair, &old, &new).into_iter().filter(|_| same_mode).collect();
    changes.extend(headers(pair, &old, &new));
    changes.extend(pagination(pair));
    changes.extend(retry(pair));
    changes
}

/// The places of `proxy` that hold a credential, each with its template.
fn placements<'c>(side: &Side<'c>) -> BTreeMap<[&'c str; 2], &'c str> {
    let mut found = BTreeMap::new();
    for map in ["headers", "query", "body"] {
        for member in side.map(&["proxy", map]).into_iter().flatten() {
            if let Some(text) = member.value.as_str().filter(|text| holds_credential(side, text)) {
                found.insert([map, member.key.name.as_str()], text);
            }
        }
    }
    found
}

fn holds_credential(side: &Side<'_>, text: &str) -> bool {
    let mode = side.text(&["auth_mode"]).unwrap_or_default();
    let declared = side.map(&["credentials"]);
    let is_credential = |name: &str| {
        name == "accessToken"
            || name.starts_with("credentials.")
            || standard_credentials(mode).contains(&name)
            || declared.is_some_and(|map| map.get(name).is_some())
    };
    let (template, _) = parse(text, true);
    template.alternatives().iter().any(|one| any_name(&one.nodes, &is_credential))
}

/// Whether a name of a template fits. The parser bounds how deep calls nest.
fn any_name(nodes: &[TemplateNode], fits: &impl Fn(&str) -> bool) -> bool {
    nodes.iter().any(|node| match &node.kind {
        Part::Name(name) => fits(name),
        Part::Call(_, below) | Part::Choice(below) => below.iter().any(|template| any_name(&template.nodes, fits)),
        Part::Text(_) | Part::Now(_) | Part::Random => false,
    })
}

fn placement(pair: &Pair<'_>, old: &BTreeMap<[&str; 2], &str>, new: &BTreeMap<[&str; 2], &str>) -> Option<Change> {
    let ([map, name], _) = old
        .iter()
        .find(|(place, text)| new.get(*place) != Some(text))
        .or_else(|| new.iter().find(|(place, text)| old.get(*place) != Some(text)))?;
    let said = |places: &BTreeMap<[&str; 2], &str>| {
        let places: Vec<String> =
            places.iter().map(|([map, name], text)| format!("`proxy.{map}.{name}` as `{text}`")).collect();
        if places.is_empty() { "the place of its mode".to_owned() } else { places.join(" and ") }
    };
    let message = format!("the credential was sent in {} and is sent in {}", said(old), said(new));
    Some(pair.change(Kind::TokenPlacementChanged, &["proxy", map, name], message))
}

/// Headers that hold no credential.
fn headers(pair: &Pair<'_>, old: &BTreeMap<[&str; 2], &str>, new: &BTreeMap<[&str; 2], &str>) -> Vec<Change> {
    let names = |side: &Side<'_>, placed: &BTreeMap<[&str; 2], &str>| -> Vec<String> {
        let map: Option<&Mapping> = side.map(&["proxy", "headers"]);
        let names = map.into_iter().flatten().map(|entry| entry.key.name.clone());
        names.filter(|name| !placed.contains_key(&["headers", name.as_str()])).collect()
    };
    let (before, after) = (names(&pair.old, old), names(&pair.new, new));
    let gone = before.iter().filter(|name| !after.contains(name) && !new.contains_key(&["headers", name.as_str()]));
    let added = after.iter().filter(|name| !before.contains(name) && !old.contains_key(&["headers", name.as_str()]));
    let path = |name: &String| ["proxy".to_owned(), "headers".to_owned(), name.clone()];
    let change = |kind, name: &String, what: &str| {
        let path = path(name);
        pair.change(kind, &path.each_ref().map(String::as_str), format!("the header `{name}` {what}"))
    };
    let gone = gone.map(|name| change(Kind::HeaderChanged, name, "is no longer sent"));
    gone.chain(added.map(|name| change(Kind::HeaderAdded, name, "is sent now"))).collect()
}

fn pagination(pair: &Pair<'_>) -> Option<Change> {
    let path = ["proxy", "paginate", "type"];
    match (pair.old.text(&path), pair.new.text(&path)) {
        (Some(old), Some(new)) if old != new => {
            Some(pair.change(Kind::PaginationChanged, &path, format!("the pagination was `{old}` and is `{new}`")))
        }
        (Some(old), None) => {
            let message = format!("the pagination was `{old}` and there is none");
            Some(pair.change(Kind::PaginationChanged, &["proxy", "paginate"], message))
        }
        (None, Some(new)) => {
            let message = format!("there was no pagination, and it is `{new}`");
            Some(pair.change(Kind::PaginationAdded, &["proxy", "paginate"], message))
        }
        _ => None,
    }
}

fn retry(pair: &Pair<'_>) -> Option<Change> {
    let path = ["proxy", "retry"];
    let (old, new) = (pair.old.get(&path), pair.new.get(&path));
    let same = match (old, new) {
        (Some(old), Some(new)) => same(old.node, new.node),
        (old, new) => old.is_none() && new.is_none(),
    };
    (!same).then(|| pair.change(Kind::RetryChanged, &path, "the rules of trying again are others".to_owned()))
}

/// Whether two values are equal, wherever they stand. The depth is bounded by the parser.
pub(super) fn same(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            old.entries.len() == new.entries.len()
                && old
                    .iter()
                    .all(|entry| new.get(&entry.key.name).is_some_and(|other| same(&entry.value, &other.value)))
        }
        (Value::Sequence(old), Value::Sequence(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
        }
        (Value::Text(old), Value::Text(new)) => old.text == new.text,
        (old, new) => old == new,
    }
}
