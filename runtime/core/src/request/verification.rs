//! The calls that prove a credential: `proxy.verification`.
//!
//! Endpoints are the entry's templates, evaluated here; the calls are then built like any other.

use super::{Call, CallBody, body, missing};
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::template::{Scope, Text, evaluate};
use http::Method;
use keyway_spec::{Template, Verification};
use serde_json::Value;

/// The calls, in order; none where the entry has no probe.
pub fn calls(inputs: &Inputs<'_>) -> Result<Vec<Call>> {
    let Some(rule) = inputs.spec.proxy.as_ref().and_then(|proxy| proxy.verification) else { return Ok(Vec::new()) };
    rule.endpoints.iter().map(|endpoint| call(inputs, &rule, endpoint)).collect()
}

fn call(inputs: &Inputs<'_>, rule: &Verification, endpoint: &Template) -> Result<Call> {
    let scope = inputs.scope();
    let method = Method::from_bytes(rule.method.as_bytes())
        .map_err(|_| Error::new(ErrorKind::Internal, "the method of a verification is not one"))?;
    let body = if method == Method::POST && !rule.data.is_empty() {
        CallBody::Json(Value::Object(body::map(inputs, &scope, rule.data, 0)?))
    } else {
        CallBody::Empty
    };
    Ok(Call {
        method,
        endpoint: text(endpoint, &scope)?,
        headers: rule.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body,
        base_url_override: rule.base_url_override.as_ref().map(|template| text(template, &scope)).transpose()?,
        ..Call::default()
    })
}

fn text(template: &Template, scope: &Scope<'_>) -> Result<String> {
    match evaluate(template, scope)? {
        Text::Resolved(text) => Ok(text),
        Text::Unresolved(name) => Err(missing(name)),
    }
}
