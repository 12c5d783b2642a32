//! The grants of a code flow: the code that a browser or a webhook brought back, and the stored refresh token.
//!
//! Whether a callback belongs to its flow was checked before.

use crate::auth::exchange::Callback;
use crate::auth::refusal;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// The code of a callback, or why there is none (RFC 6749 section 4.1.2.1).
pub(in crate::auth) fn code(callback: &Callback, name: &str) -> Result<Secret> {
    if let Some(code) = callback.get(name) {
        return Ok(Secret::new(code));
    }
    Err(refusal::denial(callback).unwrap_or_else(|| {
        let message = format!("the authorization server sent neither `{name}` nor an error: start again");
        Error::new(ErrorKind::AuthorizationDenied, message)
    }))
}

/// The stored refresh token.
pub(in crate::auth) fn refresh_token(credentials: &Credentials) -> Result<&Secret> {
    let token = credentials.token.as_ref().and_then(|token| token.refresh.as_ref());
    token.filter(|token| !token.is_empty()).ok_or_else(|| {
        Error::new(ErrorKind::ReconnectNeeded, "there is no refresh token: let the customer connect again")
    })
}
