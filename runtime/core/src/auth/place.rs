//! Where a call carries a credential: the headers that several modes have in common.
//!
//! A header of the entry's own takes the place of these; whether there is one is asked here, so that a credential which
//! is not needed may be missing.

use crate::clock::Timestamp;
use crate::connection::PENDING;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::{Inputs, missing};
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keyway_spec::mode::Place;

/// A header with its value.
pub(super) type Header = (&'static str, Secret);

const AUTHORIZATION: &str = "authorization";

/// The headers by the mode's row. Modes whose headers need more than a token have functions of their own.
pub(super) fn by_row(inputs: &Inputs<'_>) -> Result<Vec<Header>> {
    match inputs.spec.auth.facts().place {
        Place::Bearer => bearer(inputs),
        // A template places it, a signature comes last, and the others are their mode's to say.
        Place::Templates | Place::Signature | Place::Basic | Place::Headers => Ok(Vec::new()),
    }
}

/// The stored token as a bearer token (RFC 6750 section 2.1).
fn bearer(inputs: &Inputs<'_>) -> Result<Vec<Header>> {
    match &inputs.credentials.token {
        Some(token) => Ok(vec![(AUTHORIZATION, Secret::new(["Bearer ", token.access.expose()].concat()))]),
        None if is_replaced(inputs) => Ok(Vec::new()),
        None if inputs.config.contains_key(PENDING) => Err(pending(inputs)),
        None => Err(missing("accessToken")),
    }
}

/// `Basic` and the Base64 of `username:password` in UTF-8 (RFC 7617), of an account that is only asked for where the
/// entry has no `authorization` of its own.
pub(super) fn basic<'a>(
    inputs: &Inputs<'a>,
    account: impl FnOnce() -> Result<(&'a Secret, &'a Secret)>,
) -> Result<Vec<Header>> {
    if is_replaced(inputs) {
        return Ok(Vec::new());
    }
    let (username, password) = account()?;
    let pair = Secret::new([username.expose(), ":", password.expose()].concat());
    // Long enough from the start: a text that grows leaves copies behind that are not wiped.
    let mut value = String::with_capacity("Basic ".len() + pair.expose().len().div_ceil(3) * 4);
    value.push_str("Basic ");
    STANDARD.encode_string(pair.expose(), &mut value);
    Ok(vec![(AUTHORIZATION, Secret::new(value))])
}

/// True if the entry has an `authorization` of its own.
pub(super) fn is_replaced(inputs: &Inputs<'_>) -> bool {
    inputs.spec.proxy.as_ref().is_some_and(|proxy| proxy.headers.iter().any(|(name, _)| *name == AUTHORIZATION))
}

/// A connection without credentials whose customer has still to act, or did not in time.
fn pending(inputs: &Inputs<'_>) -> Error {
    let until = inputs.config.get(PENDING).and_then(|until| until.parse::<Timestamp>().ok());
    let message = if until.is_some_and(|until| inputs.moment.now < until) {
        "this connection is pending: it waits for the customer to install the app on the provider's side"
    } else {
        "this connection was not completed on the provider's side in time: start again"
    };
    Error::new(ErrorKind::ReconnectNeeded, message)
}
