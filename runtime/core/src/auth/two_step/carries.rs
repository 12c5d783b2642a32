//! The secrets in a login request and their owner, who decides where it may go.

use crate::auth::token_request::TokenRequest;
use crate::egress::SecretOwner;
use crate::inputs::Inputs;
use crate::secret::Secret;
use crate::template::{refers, value_refers};
use keyway_spec::auth::{Assertion, LoginRequest, TwoStep};
use keyway_spec::{Entry, Reference, Root, Template};
use serde_json::{Map, Value};

type Fits<'f> = &'f dyn Fn(&Reference) -> bool;

/// True if a request takes the JWT that is signed before it.
pub(super) fn needs_token(asked: &LoginRequest) -> bool {
    in_request(asked, &|name| name.root == Root::Token || (name.root == Root::Credentials && name.path == "token"))
}

/// True if a request takes the assertion that is made before it.
pub(super) fn needs_assertion(asked: &LoginRequest) -> bool {
    let is =
        |name: &Reference| name.root == Root::Assertion || (name.root == Root::Credentials && name.path == "assertion");
    in_request(asked, &is)
}

/// Whose secret a request carries: the operator's as soon as one value is the operator's, including values that are
/// only signed.
pub(super) fn whose(inputs: &Inputs<'_>, mode: &TwoStep, asked: &LoginRequest) -> SecretOwner {
    let operators: Fits<'_> = &|name| inputs.is_operators(name);
    let token = mode.token.filter(|_| needs_token(asked)).is_some_and(|token| {
        refers(&token.signing_key, operators)
            || in_entries(token.header, operators)
            || in_entries(token.payload, operators)
    });
    let assertion = mode.assertion.filter(|_| needs_assertion(asked));
    let assertion = assertion.is_some_and(|assertion| in_assertion(assertion, operators));
    if token || assertion || in_request(asked, operators) { SecretOwner::Operator } else { SecretOwner::Customer }
}

/// The secrets in a request that come from earlier answers: a first token, say.
pub(super) fn of_steps(asked: &LoginRequest, members: &Map<String, Value>, built: &TokenRequest) -> Vec<Secret> {
    let from_step: Fits<'_> = &|name| matches!(name.root, Root::Step(_));
    let mut found = Vec::new();
    for entry in asked.params.iter().filter(|entry| value_refers(&entry.value, from_step)) {
        if let Some(Value::String(text)) = members.get(entry.name) {
            found.push(Secret::from(text.as_str()));
        }
    }
    for (name, _) in asked.headers.iter().filter(|(_, template)| refers(template, from_step)) {
        if let Some(value) = built.header(&name.to_ascii_lowercase()) {
            found.extend(value.expose().split_ascii_whitespace().map(Secret::from));
        }
    }
    found
}

fn in_request(asked: &LoginRequest, fits: Fits<'_>) -> bool {
    let headers = asked.headers.iter().any(|(_, template)| refers(template, fits));
    headers || refers(&asked.url, fits) || in_entries(asked.params, fits)
}

fn in_assertion(assertion: &Assertion, fits: Fits<'_>) -> bool {
    match assertion {
        Assertion::Jwt { key, header, payload, .. } => {
            refers(key, fits) || in_entries(header, fits) || in_entries(payload, fits)
        }
        Assertion::Saml(saml) => {
            let one: [Option<Template>; 5] =
                [saml.key, saml.issuer, saml.recipient, saml.session_index, saml.name_identifier];
            one.iter().flatten().chain(saml.audiences).any(|template| refers(template, fits))
                || saml.attributes.iter().any(|(_, value)| value_refers(value, fits))
        }
    }
}

fn in_entries(entries: &[Entry], fits: Fits<'_>) -> bool {
    entries.iter().any(|entry| value_refers(&entry.value, fits))
}
