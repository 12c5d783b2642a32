//! A WSSE UsernameToken, made here for each use from a user name and a password.
//!
//! Nothing is asked of the provider. The digest is computed in [`crate::sign::wsse`].

use super::check_input;
use super::exchange::{Granted, Step};
use crate::credentials::{Credentials, Token};
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::sign::wsse;
use jiff::SignedDuration;
use keyway_spec::auth::Signature;

/// Credential fields of this mode.
pub(crate) const INPUTS: [&str; 2] = ["username", "password"];

/// Refuses credentials of which a part is missing.
pub(super) fn check(credentials: &Credentials) -> Result<()> {
    INPUTS.iter().try_for_each(|name| check_input(credentials, name, false, 1024))
}

/// A new token. Its nonce is the request's own identifier, so that no two requests share one.
pub(super) fn step(inputs: &Inputs<'_>, mode: Signature) -> Result<Step<Granted>> {
    check(inputs.credentials)?;
    let missing = || Error::new(ErrorKind::MissingValue, "`username` and `password` are needed to sign");
    let credentials = inputs.credentials;
    let (username, password) = credentials.input("username").zip(credentials.input("password")).ok_or_else(missing)?;
    let now = inputs.moment.now;
    let access = wsse::username_token(username.expose(), password, inputs.moment.nonce()?, now)?;
    let expires_at = now.checked_add(SignedDuration::from_millis(mode.expires_in_ms)).ok();
    Ok(Step::Done(Granted {
        token: Some(Token { access, refresh: None, expires_at, raw: None }),
        ..Granted::default()
    }))
}
