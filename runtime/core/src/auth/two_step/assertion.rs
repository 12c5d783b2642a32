//! The assertion that a login presents (RFC 7521): a JWT (RFC 7523) or SAML 2.0 (RFC 7522).
//!
//! It is made for each request from the key that is kept with the connection, so that none is sent twice and none
//! outlives its key. It is signed in [`crate::sign`].

use crate::auth::{jwt, token_request::text, values};
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::secret::Secret;
use crate::sign::{self, Key, saml};
use crate::template::Scope;
use jiff::SignedDuration;
use keyway_spec::auth::{Assertion, Saml};
use keyway_spec::{Entry, Template, Value};
use serde_json::{Map, Value as Json};

/// The time by which an endpoint's clock may be behind.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// A new assertion.
pub(super) fn made(inputs: &Inputs<'_>, assertion: &Assertion) -> Result<Secret> {
    match assertion {
        Assertion::Jwt { key, lifetime, header, payload } => of_jwt(inputs, key, *lifetime, header, payload),
        Assertion::Saml(saml) => of_saml(inputs, saml),
    }
}

fn of_jwt(inputs: &Inputs<'_>, key: &Template, lifetime: i64, header: &[Entry], payload: &[Entry]) -> Result<Secret> {
    let scope = inputs.scope();
    let key = Key::private(&Secret::new(text(key, &scope)?))?;
    let now = inputs.moment.now;
    // An entry that names no algorithm takes whatever key a customer has.
    let mut head = jwt::header();
    head.insert("alg".to_owned(), key.own_algorithm()?.name().into());
    head.extend(values::object(inputs, &scope, header)?);
    let mut claims: Map<String, Json> = Map::new();
    claims.insert("iat".to_owned(), now.as_second().into());
    claims.insert("exp".to_owned(), end(now, lifetime)?.as_second().into());
    claims.extend(values::object(inputs, &scope, payload)?);
    sign::jwt::sign(&head, &claims, &key)
}

fn of_saml(inputs: &Inputs<'_>, saml: &Saml) -> Result<Secret> {
    let scope = inputs.scope();
    let now = inputs.moment.now;
    let optional = |template: Option<Template>| template.map(|template| text(&template, &scope)).transpose();
    let required = |name: &str, template: Option<Template>| {
        let missing = || Error::new(ErrorKind::MissingValue, format!("`assertion.{name}` is missing: SAML needs it"));
        optional(template)?.ok_or_else(missing)
    };
    let key = optional(saml.key)?.map(|key| Key::private(&Secret::new(key))).transpose()?;
    let (issuer, recipient) = (required("issuer", saml.issuer)?, required("recipient", saml.recipient)?);
    let subject = required("nameIdentifier", saml.name_identifier)?;
    let session_index = optional(saml.session_index)?;
    let audiences = saml.audiences.iter().map(|audience| text(audience, &scope)).collect::<Result<Vec<_>>>()?;
    let attributes = attributes(saml, &scope)?;
    let attributes: Vec<_> = attributes.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let assertion = saml::Assertion {
        id: inputs.moment.nonce()?,
        issuer: &issuer,
        subject: &subject,
        subject_format: saml.name_identifier_format,
        recipient: &recipient,
        // One text may hold several, with commas between them.
        audiences: &audiences.iter().flat_map(|text| text.split(',')).map(str::trim).collect::<Vec<_>>(),
        session_index: session_index.as_deref(),
        context_class: saml.authn_context_class_ref,
        attributes: &attributes,
        issued_at: now,
        not_before: now.checked_sub(SKEW).unwrap_or(now),
        not_on_or_after: end(now, saml.lifetime)?,
    };
    saml::bearer(&assertion, key.as_ref())
}

/// Attributes with their texts; a list is several attributes of one name.
fn attributes<'s>(saml: &Saml, scope: &Scope<'_>) -> Result<Vec<(&'s str, String)>> {
    let mut attributes = Vec::new();
    for (name, value) in saml.attributes {
        match value {
            Value::List(items) => {
                for item in *items {
                    attributes.push((*name, scalar(name, item, scope)?));
                }
            }
            value => attributes.push((*name, scalar(name, value, scope)?)),
        }
    }
    Ok(attributes)
}

fn scalar(name: &str, value: &Value, scope: &Scope<'_>) -> Result<String> {
    match value {
        Value::Text(template) => text(template, scope),
        Value::Bool(value) => Ok(value.to_string()),
        Value::Integer(value) => Ok(value.to_string()),
        Value::Float(value) => Ok(value.to_string()),
        Value::Null => Ok(String::new()),
        Value::List(_) | Value::Map(_) => {
            let message = format!("`assertion.attributes.{name}` is neither a text nor a list of texts");
            Err(Error::new(ErrorKind::InvalidValue, message))
        }
    }
}

fn end(now: Timestamp, seconds: i64) -> Result<Timestamp> {
    now.checked_add(SignedDuration::from_secs(seconds)).map_err(|_| {
        Error::new(ErrorKind::InvalidValue, "`assertion.lifetimeInSeconds` reaches beyond the end of time")
    })
}
