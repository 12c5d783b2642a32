//! The keys of an entry that the format fixes, and all its maps of headers.
//!
//! Below a map whose names the file chooses (parameters, headers, fields) there are none.

use super::place::{Located, below, item};
use crate::syntax::{Mapping, Node, Value};
use std::borrow::Cow;

/// Maps whose names the file chooses.
const FREE: [&str; 29] = [
    "allow",
    "assertion_option",
    "attributes",
    "auth",
    "authorization_params",
    "authorization_url_replacements",
    "body",
    "connection_config",
    "credentials",
    "data",
    "error_if",
    "header",
    "headers",
    "integration_config",
    "params",
    "path",
    "payload",
    "query",
    "refresh_params",
    "refresh_token_headers",
    "refresh_token_params",
    "registration_params",
    "request_params",
    "returns",
    "set",
    "success_if",
    "token_headers",
    "token_params",
    "when",
];

/// Maps of parameters, claims and bodies: their values may have any type.
const PARAMETERS: [&str; 15] = [
    "attributes",
    "authorization_params",
    "body",
    "data",
    "header",
    "params",
    "payload",
    "query",
    "refresh_params",
    "refresh_token_params",
    "registration_params",
    "request_params",
    "token_params",
    "success_if",
    "when",
];

/// The keys of the body of an entry.
pub(super) fn of(body: &Mapping) -> Vec<Located<'_>> {
    let mut found = Vec::new();
    of_map(&[], body, &mut found);
    found
}

/// True if the file chooses the names of a map: then it may well have none.
pub(in crate::rules) fn is_free(map: &Located<'_>) -> bool {
    FREE.contains(&map.name())
}

/// True if a map holds parameters, claims or members of a body, and not only what is said about them.
pub(super) fn is_parameters(map: &Located<'_>) -> bool {
    PARAMETERS.contains(&map.name()) && !is_of_endpoint(map)
}

/// True if headers of this map are sent as they are written.
pub(in crate::rules) fn is_literal(map: &Located<'_>) -> bool {
    map.path.iter().any(|key| key == "verification") || is_of_endpoint(map)
}

/// True for what stands below an operation of `keyway.endpoints`.
pub(in crate::rules) fn is_of_endpoint(place: &Located<'_>) -> bool {
    matches!(place.path.as_slice(), [keyway, endpoints, _, ..] if keyway == "keyway" && endpoints == "endpoints")
}

fn of_map<'e>(path: &[Cow<'e, str>], map: &'e Mapping, found: &mut Vec<Located<'e>>) {
    for entry in map {
        let path = below(path, Cow::Borrowed(&entry.key.name));
        let goes_on = matches!(entry.value.value, Value::Mapping(_) | Value::Sequence(_))
            && !FREE.contains(&entry.key.name.as_str());
        let at = found.len();
        found.push(Located { path: Vec::new(), key: Some(entry.key.span), node: &entry.value });
        if goes_on {
            inside(&path, &entry.value, found);
        }
        if let Some(place) = found.get_mut(at) {
            place.path = path;
        }
    }
}

/// The keys of a map, or of the maps of a list. The depth of a tree is bounded by `syntax`.
fn inside<'e>(path: &[Cow<'e, str>], node: &'e Node, found: &mut Vec<Located<'e>>) {
    match &node.value {
        Value::Mapping(map) => of_map(path, map, found),
        Value::Sequence(items) => {
            let maps = items.iter().enumerate();
            for (index, node) in maps.filter(|(_, node)| matches!(node.value, Value::Mapping(_) | Value::Sequence(_))) {
                inside(&item(path, index), node, found);
            }
        }
        _ => {}
    }
}
