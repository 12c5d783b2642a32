//! A session: a user name, a password, an organization and a developer key log in; calls carry the session's id.
//!
//! A session cannot be renewed, only replaced by another login. Not supported: the multi-factor step, which some
//! calls of such an API ask for.

use super::exchange::{Answer, Grant, Granted, Step};
use super::method::Method;
use super::place::Header;
use super::submitted::check_inputs;
use super::token_request::TokenRequest;
use super::token_response::refused;
use crate::credentials::{Credentials, Token};
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::secret::Secret;
use jiff::SignedDuration;
use keyway_spec::auth::Bill;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use url::Url;

impl Method for Bill {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        check(credentials)
    }

    fn step(&self, inputs: &Inputs<'_>, _: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
        match answers.first() {
            Some(answer) => granted(answer).map(Step::Done),
            None => login(inputs, self).map(Step::send),
        }
    }

    /// The session, and the key that it was made with.
    fn headers(&self, inputs: &Inputs<'_>) -> Result<Vec<Header>> {
        let credentials = inputs.credentials;
        let session = credentials.token.as_ref().map(|token| &token.access).filter(|session| !session.is_empty());
        let session = session.ok_or_else(|| missing("session_id"))?;
        let key = credentials.input("dev_key").ok_or_else(|| missing("dev_key"))?;
        Ok(vec![("sessionid", session.clone()), ("devkey", key.clone())])
    }
}

/// The credential fields of this mode.
const INPUTS: [&str; 4] = ["username", "password", "organization_id", "dev_key"];

/// Sessions end after this long without a call; counted from the login, to be sure.
const LIFETIME: SignedDuration = SignedDuration::from_mins(35);

/// Refuses credentials of which a part is missing.
fn check(credentials: &Credentials) -> Result<()> {
    check_inputs(credentials, &INPUTS)
}

fn login(inputs: &Inputs<'_>, mode: &Bill) -> Result<TokenRequest> {
    check(inputs.credentials)?;
    let input = |name: &str| inputs.credentials.input(name).map_or("", Secret::expose);
    let body = json!({
        "username": input("username"),
        "password": input("password"),
        "organizationId": input("organization_id"),
        "devKey": input("dev_key"),
    });
    let url = Url::parse(mode.token_url)
        .map_err(|_| Error::new(ErrorKind::InvalidValue, "`token_url` is not a URL: correct the entry"))?;
    let mut request = TokenRequest {
        body: body.to_string().into(),
        secrets: inputs.credentials.secrets().cloned().collect(),
        ..TokenRequest::post(url, SecretOwner::Customer)
    };
    request.set_header("content-type", "application/json");
    Ok(request)
}

fn granted(answer: &Answer) -> Result<Granted> {
    let members = match serde_json::from_str(answer.body.expose()) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    if answer.status != 200 {
        return Err(refused(answer, Some(&members), "the login was refused"));
    }
    let text = |name: &str| members.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(Secret::from);
    let Some(session) = text("sessionId") else {
        return Err(refused(answer, Some(&members), "the login was answered without a `sessionId`"));
    };
    let user = text("userId").map(|user| ("user_id".to_owned(), user));
    let token = Token {
        access: session.clone(),
        refresh: None,
        expires_at: answer.received.checked_add(LIFETIME).ok(),
        raw: Some(Secret::new(Value::from(members).to_string())),
    };
    let obtained: BTreeMap<_, _> = [("session_id".to_owned(), session)].into_iter().chain(user).collect();
    Ok(Granted { token: Some(token), obtained, ..Granted::default() })
}

fn missing(name: &str) -> Error {
    Error::new(ErrorKind::MissingValue, format!("`{name}` has no value on this connection: connect it again"))
}
