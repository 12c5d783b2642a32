//! A pagination parameter in a call: in its query, in its body under a dotted name, or in a header.

use super::Paginate;
use crate::error::{Error, ErrorKind, Result};
use crate::request::{Call, CallBody};
use http::Method;
use keyway_format::path;
use serde_json::{Map, Value};

/// Where parameters go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParameterIn {
    Query,
    Body,
}

impl ParameterIn {
    /// Into the body with POST, PUT and PATCH, unless the rule says otherwise.
    pub(super) fn of(rule: &Paginate, call: &Call) -> ParameterIn {
        let has_body = matches!(call.method, Method::POST | Method::PUT | Method::PATCH);
        if rule.in_body.unwrap_or(has_body) { ParameterIn::Body } else { ParameterIn::Query }
    }
}

/// Sets a header, in place of one that the caller gave. Its value is judged where the request is made.
pub(super) fn set_header(call: &mut Call, name: &str, value: &Value) {
    call.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
    call.headers.push((name.to_owned(), text(value)));
}

/// Sets a parameter: text in a query or form, a value of its own type in JSON.
pub(super) fn set(call: &mut Call, place: ParameterIn, name: &str, value: Value) -> Result<()> {
    if place == ParameterIn::Query {
        call.query.retain(|(other, _)| other != name);
        call.endpoint = without(&call.endpoint, name);
        call.query.push((name.to_owned(), text(&value)));
        return Ok(());
    }
    match &mut call.body {
        CallBody::Form(pairs) => {
            pairs.retain(|(other, _)| other != name);
            pairs.push((name.to_owned(), text(&value)));
        }
        CallBody::Json(Value::Object(map)) => nest(map, name, value)?,
        body @ CallBody::Empty => {
            let mut map = Map::new();
            nest(&mut map, name, value)?;
            *body = CallBody::Json(Value::Object(map));
        }
        CallBody::Json(_) | CallBody::JsonText(_) | CallBody::Bytes(_) | CallBody::Stream => {
            let message = format!("`{name}` goes into the body, which must be a JSON object or a form for it");
            return Err(Error::new(ErrorKind::InvalidRequest, message).sent(false));
        }
    }
    Ok(())
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An endpoint without a parameter of its query; every other byte stays.
fn without(endpoint: &str, name: &str) -> String {
    let (rest, fragment) = endpoint.split_at(endpoint.find('#').unwrap_or(endpoint.len()));
    let Some((path, query)) = rest.split_once('?') else { return endpoint.to_owned() };
    let is_other = |pair: &&str| form_urlencoded::parse(pair.as_bytes()).all(|(other, _)| other != name);
    let kept: Vec<&str> = query.split('&').filter(is_other).collect();
    if kept.len() == query.split('&').count() {
        return endpoint.to_owned();
    }
    let mark = if kept.is_empty() { "" } else { "?" };
    format!("{path}{mark}{}{fragment}", kept.join("&"))
}

/// The whole number that the caller gave a parameter.
pub(super) fn number(call: &Call, place: ParameterIn, name: &str) -> Option<i64> {
    let of = |pairs: &[(String, String)]| pairs.iter().rev().find(|(other, _)| other == name)?.1.parse().ok();
    if place == ParameterIn::Query {
        let endpoint = call.endpoint.split('#').next()?.split_once('?').map_or("", |(_, query)| query);
        let written: Vec<(String, String)> = form_urlencoded::parse(endpoint.as_bytes()).into_owned().collect();
        return of(&call.query).or_else(|| of(&written));
    }
    match &call.body {
        CallBody::Form(pairs) => of(pairs),
        CallBody::Json(value) => path::get(value, name)?.as_i64(),
        CallBody::Empty | CallBody::JsonText(_) | CallBody::Bytes(_) | CallBody::Stream => None,
    }
}

/// Sets `a.b` as `{"a": {"b": value}}`, beside what is there.
fn nest(members: &mut Map<String, Value>, name: &str, value: Value) -> Result<()> {
    path::set(members, name, value).map_err(|part| {
        let message = format!("`{name}` goes into the body, where `{part}` is not an object");
        Error::new(ErrorKind::InvalidRequest, message).sent(false)
    })
}
