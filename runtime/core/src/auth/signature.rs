//! A WSSE UsernameToken, made here for each use from a user name and a password.
//!
//! Nothing is asked of the provider. The digest is computed in [`crate::sign::wsse`].

use super::exchange::{Answer, Grant, Granted, Step};
use super::method::Method;
use super::submitted::check_inputs;
use crate::credentials::{Credentials, Token};
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::sign::wsse;
use jiff::SignedDuration;
use keyway_spec::auth::Signature;

impl Method for Signature {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        check_inputs(credentials, &INPUTS)
    }

    /// A new token. Its nonce is the request's own identifier, so that no two requests share one.
    fn step(&self, inputs: &Inputs<'_>, _: Grant<'_>, _: &[Answer]) -> Result<Step<Granted>> {
        self.check(inputs.credentials)?;
        let missing = || Error::new(ErrorKind::MissingValue, "`username` and `password` are needed to sign");
        let credentials = inputs.credentials;
        let (username, password) =
            credentials.input("username").zip(credentials.input("password")).ok_or_else(missing)?;
        let now = inputs.moment.now;
        let access = wsse::username_token(username.expose(), password, inputs.moment.nonce()?, now)?;
        let expires_at = now.checked_add(SignedDuration::from_millis(self.expires_in_ms)).ok();
        Ok(Step::Done(Granted {
            token: Some(Token { access, refresh: None, expires_at, raw: None }),
            ..Granted::default()
        }))
    }

    /// Each one holds a nonce that is good once.
    fn tokens_are_single_use(&self) -> bool {
        true
    }
}

/// The credential fields of this mode.
const INPUTS: [&str; 2] = ["username", "password"];
