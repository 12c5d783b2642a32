//! One request of a login.
//!
//! Its content type follows from its encoding unless the entry names one.

use super::{assertion, carries, xml};
use crate::auth::jwt;
use crate::auth::token_request::{TokenRequest, text, url};
use crate::auth::values;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::planned::PlannedHeader;
use crate::secret::Secret;
use crate::template::{Scope, Text, evaluate};
use form_urlencoded::Serializer;
use http::{HeaderName, HeaderValue, Method};
use keyway_spec::Template;
use keyway_spec::auth::{BodyFormat, LoginRequest, TwoStep};
use serde_json::{Map, Value};

/// The request after the answers so far.
pub(super) fn build(
    inputs: &Inputs<'_>,
    mode: &TwoStep,
    asked: &LoginRequest,
    steps: &[Value],
) -> Result<TokenRequest> {
    let token = mode.token.filter(|_| carries::needs_token(asked));
    let token = token.map(|token| jwt::signed(inputs, token)).transpose()?;
    let assertion = mode.assertion.filter(|_| carries::needs_assertion(asked));
    let assertion = assertion.map(|assertion| assertion::made(inputs, assertion)).transpose()?;
    let scope = Scope { steps, token: token.as_ref(), assertion: assertion.as_ref(), ..inputs.scope() };
    let members = values::object(inputs, &scope, asked.params)?;
    let mut url = url(&asked.url, &scope)?;
    let body = if asked.get || asked.body_format == BodyFormat::Query {
        in_query(&mut url, &members);
        None
    } else {
        Some(encoded(asked.body_format, &members)?)
    };
    let mut request = TokenRequest::post(url, carries::whose(inputs, mode, asked));
    if asked.get {
        request.method = Method::GET;
    }
    accept_anything(&mut request);
    if let Some((media_type, body)) = body {
        request.set_header("content-type", media_type);
        request.body = body.into();
    }
    for (name, template) in asked.headers {
        if let Some(value) = header(inputs, &scope, name, template)? {
            request.set_header(name, value);
        }
    }
    let operators = inputs.settings().iter().filter_map(|field| inputs.integration.custom.get(field.name));
    let secrets = inputs.credentials.secrets().chain(&token).chain(&assertion).chain(operators).cloned();
    request.secrets = secrets.chain(carries::of_steps(asked, &members, &request)).collect();
    Ok(request)
}

/// Some logins answer with the token as plain text.
fn accept_anything(request: &mut TokenRequest) {
    let value = "application/json, */*;q=0.5".into();
    request.headers = vec![PlannedHeader { name: "accept".into(), value, injected: false }];
}

/// Sets nothing where there is nothing: a lone `?` is another URL to some signatures.
fn in_query(url: &mut ::url::Url, members: &Map<String, Value>) {
    if !members.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs(members));
    }
}

fn encoded(format: BodyFormat, members: &Map<String, Value>) -> Result<(&'static str, String)> {
    Ok(match format {
        BodyFormat::Json => ("application/json", Value::from(members.clone()).to_string()),
        BodyFormat::Xml => ("application/xml", xml::write(members)?),
        BodyFormat::Form | BodyFormat::Query => {
            let form = Serializer::new(String::new()).extend_pairs(pairs(members)).finish();
            ("application/x-www-form-urlencoded", form)
        }
    })
}

/// Names and values as a form has them.
fn pairs(members: &Map<String, Value>) -> impl Iterator<Item = (&str, String)> {
    members.iter().map(|(name, value)| {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        };
        (name.as_str(), text)
    })
}

/// The value of a header; `None` where the customer left out what it needs and may. The error names the header, never
/// the value.
fn header(inputs: &Inputs<'_>, scope: &Scope<'_>, name: &str, template: &Template) -> Result<Option<Secret>> {
    let value = match evaluate(template, scope)? {
        Text::Unresolved(missing) if inputs.may_be_missing(missing) => return Ok(None),
        Text::Unresolved(_) => text(template, scope)?,
        Text::Resolved(value) => value,
    };
    if HeaderName::from_bytes(name.as_bytes()).is_err() || HeaderValue::from_str(&value).is_err() {
        let message = format!(
            "the login header `{name}` holds a line break, NUL or another character that a header cannot carry"
        );
        return Err(Error::new(ErrorKind::InvalidValue, message));
    }
    Ok(Some(Secret::new(value)))
}
