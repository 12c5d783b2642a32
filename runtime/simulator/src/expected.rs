//! A request that is expected: its URL, its parameters in their encoding, its headers.

use crate::check::RefusalKind;
use crate::template::{Values, evaluate};
use crate::text::Expected;
use keyway_spec::auth::BodyFormat;
use keyway_spec::{Entry, Template, Value};

/// A request that is expected.
pub(crate) struct ExpectedRequest {
    pub(crate) method: http::Method,
    /// The URL, with its own query.
    pub(crate) url: String,
    /// Parameters in the URL besides its own.
    pub(crate) query: Vec<ExpectedParameter>,
    /// Parameters in the encoding of `format`.
    pub(crate) parameters: Vec<ExpectedParameter>,
    pub(crate) format: BodyFormat,
    /// Headers, names in lower case.
    pub(crate) headers: Vec<(String, Expected)>,
    /// Names of parameters that come first.
    pub(crate) order: &'static [&'static str],
    /// The error with which a wrong credential is refused.
    pub(crate) refused: RefusalKind,
}

/// A parameter that is expected.
#[derive(Clone, Debug)]
pub(crate) struct ExpectedParameter {
    pub(crate) name: String,
    pub(crate) value: ParameterValue,
    /// The error with which another value is refused.
    pub(crate) refused: RefusalKind,
    /// True if it may be missing.
    pub(crate) optional: bool,
}

/// The value of a parameter.
#[derive(Clone, Debug)]
pub(crate) enum ParameterValue {
    /// A text.
    Text(Expected),
    /// Something of JSON that is no text: a number, a boolean, an empty list. In a form it is a text.
    Json(serde_json::Value),
    /// The verifier of a code challenge (RFC 7636 section 4.6).
    Verifier(String),
}

impl ExpectedParameter {
    pub(crate) fn text(name: &str, value: Expected) -> ExpectedParameter {
        let value = ParameterValue::Text(value);
        ExpectedParameter { name: name.to_owned(), value, refused: refused(name), optional: false }
    }

    pub(crate) fn plain(name: &str, value: &str) -> ExpectedParameter {
        ExpectedParameter::text(name, Expected::plain(value))
    }
}

/// The error of RFC 6749 section 5.2 for a parameter with another value.
fn refused(name: &str) -> RefusalKind {
    RefusalKind::OAuth(match name {
        "grant_type" => "unsupported_grant_type",
        "code" | "redirect_uri" | "code_verifier" | "refresh_token" => "invalid_grant",
        "client_id" | "client_secret" | "client_assertion" | "client_assertion_type" => "invalid_client",
        "scope" => "invalid_scope",
        _ => "invalid_request",
    })
}

/// Lays parameters over others: one of the same name is replaced in place, others follow.
pub(crate) fn lay_over(parameters: &mut Vec<ExpectedParameter>, entries: &[Entry], is_json: bool, values: &Values<'_>) {
    for entry in entries {
        let mut own = Vec::new();
        flatten(entry.name, &entry.value, is_json, values, &mut own);
        let is_of_entry = |parameter: &ExpectedParameter| {
            let rest = parameter.name.strip_prefix(entry.name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let at = parameters.iter().position(is_of_entry).unwrap_or(parameters.len());
        parameters.retain(|parameter| !is_of_entry(parameter));
        let at = at.min(parameters.len());
        parameters.splice(at..at, own);
    }
}

/// A value as parameters: of a map and of a list, one for each leaf.
pub(crate) fn flatten(
    name: &str,
    value: &Value,
    is_json: bool,
    values: &Values<'_>,
    found: &mut Vec<ExpectedParameter>,
) {
    let mut json = |value: serde_json::Value| {
        let value = ParameterValue::Json(value);
        found.push(ExpectedParameter { name: name.to_owned(), value, refused: refused(name), optional: false });
    };
    match value {
        Value::Null => {}
        Value::Bool(bool) => json((*bool).into()),
        Value::Integer(integer) => json((*integer).into()),
        Value::Float(float) => json((*float).into()),
        Value::List([]) if is_json => json(serde_json::json!([])),
        Value::Map([]) if is_json => json(serde_json::json!({})),
        Value::Text(template) => {
            let parameter = match evaluate(template, values) {
                Some(value) => ExpectedParameter::text(name, value),
                // A text of a name without a value: left out, or empty.
                None => ExpectedParameter { optional: true, ..ExpectedParameter::plain(name, "") },
            };
            found.push(parameter);
        }
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                flatten(&below(name, &at.to_string(), is_json), item, is_json, values, found);
            }
        }
        Value::Map(entries) => {
            for entry in *entries {
                flatten(&below(name, entry.name, is_json), &entry.value, is_json, values, found);
            }
        }
    }
}

/// The name of a member: dotted in JSON, with brackets in a form.
fn below(name: &str, member: &str, is_json: bool) -> String {
    if is_json { format!("{name}.{member}") } else { format!("{name}[{member}]") }
}

/// Headers by templates. One whose names have no value is left out.
pub(crate) fn headers(headers: &[(&str, Template)], values: &Values<'_>) -> Vec<(String, Expected)> {
    let evaluated = headers.iter().map(|(name, template)| (name.to_ascii_lowercase(), evaluate(template, values)));
    evaluated.filter_map(|(name, value)| value.map(|value| (name, value))).collect()
}

/// A value as JSON, templates evaluated; a text that cannot be is empty.
pub(crate) fn to_json(value: &Value, values: &Values<'_>) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(bool) => (*bool).into(),
        Value::Integer(integer) => (*integer).into(),
        Value::Float(float) => (*float).into(),
        Value::Text(template) => evaluate(template, values).and_then(|text| text.literal()).unwrap_or_default().into(),
        Value::List(items) => items.iter().map(|item| to_json(item, values)).collect(),
        Value::Map(entries) => {
            entries.iter().map(|entry| (entry.name.to_owned(), to_json(&entry.value, values))).collect()
        }
    }
}
