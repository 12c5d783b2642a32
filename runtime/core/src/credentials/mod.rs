//! The credentials of a connection.
//!
//! One shape for every mode: what was submitted, and the token that was obtained with it.

use crate::clock::Timestamp;
use crate::secret::Secret;
use std::collections::BTreeMap;

/// The credentials of a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
