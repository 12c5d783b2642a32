//! Headers: those that are read, or that an entry may come to read. Every other one is left out.

use super::names::NameClass;
use super::redaction::Redaction;
use super::values;
use super::words::{is_member_name, is_number, is_span};
use http::HeaderMap;
use keyway_spec::proxy::PaginateKind;

/// Headers whose values are other than a text by name.
const CONTENT_TYPE: &str = "content-type";
const LINK: &str = "link";
const WWW_AUTHENTICATE: &str = "www-authenticate";
const SET_COOKIE: &str = "set-cookie";

/// Words of the fields for rate limits (draft-ietf-httpapi-ratelimit-headers, and its versions before). Any other word
/// in them is a name, such as that of a policy or of the account that it is for.
const OF_LIMITS: [&str; 10] = ["limit", "remaining", "reset", "window", "burst", "policy", "r", "t", "q", "w"];

/// The headers that stay, with redacted values.
pub(super) fn redacted(redaction: &mut Redaction, headers: &HeaderMap) -> Vec<(String, String)> {
    let mut made = Vec::new();
    for (name, value) in headers {
        let Ok(value) = value.to_str() else { continue };
        if let Some(value) = of(redaction, name.as_str(), value) {
            made.push((name.as_str().to_owned(), value));
        }
    }
    made
}

fn of(redaction: &mut Redaction, name: &str, value: &str) -> Option<String> {
    match name {
        CONTENT_TYPE => {
            let essence = value.split(';').next().unwrap_or(value).trim();
            essence.split('/').for_each(|part| _ = redaction.stay(part));
            Some(essence.to_owned())
        }
        LINK => Some(links(redaction, value)),
        WWW_AUTHENTICATE => {
            let scheme = value.split(' ').next().unwrap_or_default();
            is_member_name(scheme).then(|| redaction.stay(scheme))
        }
        SET_COOKIE => {
            let (cookie, value) = value.split(';').next()?.split_once('=')?;
            let cookie = redaction.member(cookie.trim());
            Some(format!("{cookie}={}", redaction.replaced(NameClass::Secret, value.trim())))
        }
        "location" => Some(values::text(redaction, name, value)),
        // Of the connection, and no part of a sample.
        "content-length" | "content-encoding" | "transfer-encoding" | "date" | "expires" => None,
        _ => {
            let class = redaction.class_of(name);
            match class {
                NameClass::Time | NameClass::Limit => Some(limits(redaction, name, value)),
                NameClass::Secret if name.contains("token") || name.contains("session") => {
                    Some(redaction.replaced(class, value))
                }
                _ if is_cursor(redaction, name) => Some(values::text(redaction, name, value)),
                _ => None,
            }
        }
    }
}

/// True for a header in which the entry finds a cursor. Those of waits and limits have a class.
fn is_cursor(redaction: &Redaction, name: &str) -> bool {
    let Some(proxy) = redaction.context.spec.proxy else { return false };
    let of_operations = redaction.context.spec.operations.iter().filter_map(|operation| operation.paginate);
    let mut rules = proxy.paginate.into_iter().chain(of_operations);
    rules
        .any(|rule| matches!(rule.kind, PaginateKind::HeaderCursor { header, .. } if header.eq_ignore_ascii_case(name)))
}

/// Limits and what is left of them: numbers, several of them with signs between, or JSON.
fn limits(redaction: &mut Redaction, name: &str, value: &str) -> String {
    if value.starts_with(['{', '['])
        && let Ok(parsed) = serde_json::from_str(value)
    {
        // Its members are numbers of the limit, whatever they are called.
        return usage(redaction, parsed).to_string();
    }
    if let Some(moved) = redaction.times.text(value) {
        return redaction.stay(&moved);
    }
    let is_between = |c: char| matches!(c, ',' | ';' | '/' | '=' | ' ' | '"' | ':');
    if !value.contains(is_between) {
        return values::text(redaction, name, value);
    }
    let mut made = String::with_capacity(value.len());
    for part in value.split_inclusive(is_between) {
        let word = part.trim_end_matches(is_between);
        let is_known = OF_LIMITS.contains(&word) || redaction.context.keep.contains(word);
        let is_plain = word.is_empty() || is_number(word) || is_span(word) || is_known;
        made.push_str(&if is_plain { redaction.stay(word) } else { redaction.replaced(NameClass::Id, word) });
        made.push_str(part.get(word.len()..).unwrap_or_default());
    }
    made
}

/// A use of limits as JSON: every number stays.
fn usage(redaction: &mut Redaction, value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::Object(members) => {
            let pairs = members.into_iter().map(|(name, value)| (redaction.member(&name), usage(redaction, value)));
            Value::Object(pairs.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| usage(redaction, item)).collect()),
        Value::String(text) => Value::String(redaction.leaf("", &text)),
        Value::Number(number) => {
            redaction.stay(&number.to_string());
            Value::Number(number)
        }
        Value::Null | Value::Bool(_) => value,
    }
}

/// `Link` (RFC 8288): targets and relations; other parameters are left out.
fn links(redaction: &mut Redaction, value: &str) -> String {
    let mut made = Vec::new();
    let mut rest = value;
    while let Some((target, behind)) = rest.split_once('<').and_then(|(_, from)| from.split_once('>')) {
        let (parameters, next) = behind.split_at(behind.find('<').unwrap_or(behind.len()));
        let target = values::text(redaction, LINK, target);
        let relation = parameters.split([';', ',']).filter_map(|parameter| parameter.trim().strip_prefix("rel="));
        let relation = relation.map(|rel| rel.trim_matches('"')).find(|rel| is_member_name(rel));
        made.push(match relation {
            Some(relation) => format!("<{target}>; rel=\"{}\"", redaction.stay(relation)),
            None => format!("<{target}>"),
        });
        rest = next;
    }
    made.join(", ")
}
