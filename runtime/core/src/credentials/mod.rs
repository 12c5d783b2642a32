//! The credentials of a connection.
//!
//! One shape for every mode: what was submitted, and the token that was obtained with it.

use crate::clock::Timestamp;
use crate::secret::Secret;
use std::collections::BTreeMap;

/// The credentials of a connection.
///
/// ```
/// # use keyway_core::{credentials::{Credentials, Token}, secret::Secret};
/// let key = Credentials::api_key("a-customers-key");
/// assert_eq!(key.input("apiKey").map(Secret::expose), Some("a-customers-key"));
///
/// // A token that was obtained elsewhere, to be renewed from now on:
/// let token = Token::new("access-token").refresh(Secret::from("refresh-token"));
/// let moved = Credentials::default().token(token);
/// assert!(!format!("{moved:?}").contains("access-token"), "`Debug` shows no secret");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credentials {
    /// The submitted credentials, by field name: `apiKey`; `username`, `password`; `client_id`, `client_secret`; ...
    pub inputs: BTreeMap<String, Secret>,
    /// The inputs of an assertion (`assertionOption.x`), by field name.
    pub assertion_options: BTreeMap<String, Secret>,
    /// The token that was obtained; `None` for modes without one.
    pub token: Option<Token>,
    /// Values obtained with the token: a token's secret, a session's cookie, a second token.
    pub obtained: BTreeMap<String, Secret>,
}

/// A token and what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Token {
    /// The token that requests carry.
    pub access: Secret,
    /// The refresh token (RFC 6749 section 1.5).
    pub refresh: Option<Secret>,
    /// When the token expires; `None` if unknown.
    pub expires_at: Option<Timestamp>,
    /// The whole token response as JSON text.
    pub raw: Option<Secret>,
}

impl Token {
    /// An access token of which nothing else is known.
    pub fn new(access: impl Into<Secret>) -> Token {
        Token { access: access.into(), refresh: None, expires_at: None, raw: None }
    }

    /// Sets the refresh token, if there is one.
    #[must_use]
    pub fn refresh(mut self, refresh: impl Into<Option<Secret>>) -> Token {
        self.refresh = refresh.into();
        self
    }

    /// Sets when the token expires, if that is known.
    #[must_use]
    pub fn expires_at(mut self, at: impl Into<Option<Timestamp>>) -> Token {
        self.expires_at = at.into();
        self
    }

    /// Sets the token response, if it was kept.
    #[must_use]
    pub fn raw(mut self, raw: impl Into<Option<Secret>>) -> Token {
        self.raw = raw.into();
        self
    }
}

impl Credentials {
    /// Credentials of one API key.
    pub fn api_key(key: impl Into<Secret>) -> Credentials {
        Credentials::submitted(BTreeMap::from([("apiKey".to_owned(), key.into())]))
    }

    /// Credentials of a user name and a password.
    pub fn basic(username: impl Into<Secret>, password: impl Into<Secret>) -> Credentials {
        let inputs = [("username".to_owned(), username.into()), ("password".to_owned(), password.into())];
        Credentials::submitted(BTreeMap::from(inputs))
    }

    /// Credentials of these submitted values.
    pub fn submitted(inputs: BTreeMap<String, Secret>) -> Credentials {
        Credentials { inputs, ..Credentials::default() }
    }

    /// Sets what was submitted.
    #[must_use]
    pub fn inputs(mut self, inputs: BTreeMap<String, Secret>) -> Credentials {
        self.inputs = inputs;
        self
    }

    /// Sets what an assertion is built from.
    #[must_use]
    pub fn assertion_options(mut self, options: BTreeMap<String, Secret>) -> Credentials {
        self.assertion_options = options;
        self
    }

    /// Sets the token that was obtained, if there is one.
    #[must_use]
    pub fn token(mut self, token: impl Into<Option<Token>>) -> Credentials {
        self.token = token.into();
        self
    }

    /// Sets what was obtained beside the token.
    #[must_use]
    pub fn obtained(mut self, obtained: BTreeMap<String, Secret>) -> Credentials {
        self.obtained = obtained;
        self
    }

    /// A submitted value.
    pub fn input(&self, name: &str) -> Option<&Secret> {
        self.inputs.get(name)
    }

    /// Every text that must not be shown: for masking output.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let token = self.token.as_ref();
        self.inputs
            .values()
            .chain(self.assertion_options.values())
            .chain(self.obtained.values())
            .chain(token.map(|token| &token.access))
            .chain(token.and_then(|token| token.refresh.as_ref()))
    }
}
