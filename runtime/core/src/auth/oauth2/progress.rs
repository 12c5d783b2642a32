//! The state of an exchange of several requests.
//!
//! A later answer replaces the values that it names; the others stay.

use super::client::REFRESH_TOKEN_OVERRIDE;
use super::custom_response::TokenAnswer;
use crate::auth::exchange::Granted;
use crate::connection::ConfigMap;
use crate::connection::update::merge_metadata;
use crate::credentials::{Credentials, Token};
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::secret::Secret;
use keyway_spec::quirks::{KeepRefreshToken, ResponseQuirks};
use serde_json::{Map, Value};

/// The exchange so far.
pub(super) struct Progress<'a> {
    /// The inputs of requests, credentials and configuration excepted.
    pub(super) inputs: &'a Inputs<'a>,
    /// The stored credentials, completed by what was obtained.
    pub(super) credentials: Credentials,
    /// The stored configuration, completed by what the answers said.
    pub(super) config: ConfigMap,
    /// The answers, for `stepN.x`; one that could not be read is empty.
    pub(super) steps: Vec<Value>,
    has_token: bool,
    has_zero_lifetime: bool,
    raw: Map<String, Value>,
    granted: Granted,
}

impl<'a> Progress<'a> {
    /// Nothing obtained yet.
    pub(super) fn new(inputs: &'a Inputs<'a>) -> Progress<'a> {
        let (credentials, granted) = (inputs.credentials.clone(), Granted::default());
        let config = inputs.config.clone();
        let (steps, raw) = (Vec::new(), Map::new());
        Progress { inputs, credentials, config, steps, has_token: false, has_zero_lifetime: false, raw, granted }
    }

    /// Takes what an answer says.
    pub(super) fn take(&mut self, read: TokenAnswer, response: &ResponseQuirks) {
        let stored = self.inputs.credentials.token.as_ref();
        let mut token = self.credentials.token.take().unwrap_or_else(nothing);
        let access = if response.keep_access_token { stored.map(|token| token.access.clone()) } else { read.access };
        if let Some(access) = access {
            self.has_token = true;
            self.has_zero_lifetime = read.has_zero_lifetime;
            token = Token { access, expires_at: read.expires_at, ..token };
        }
        let kept = stored.and_then(|token| token.refresh.as_ref()).filter(|kept| match response.keep_refresh_token {
            KeepRefreshToken::IfAbsent => false,
            KeepRefreshToken::Submitted => self.inputs.credentials.input(REFRESH_TOKEN_OVERRIDE) == Some(*kept),
            KeepRefreshToken::Always => !kept.is_empty(),
        });
        token.refresh = kept.cloned().or(read.refresh).or(token.refresh);
        self.credentials.token = Some(token);
        self.config = merge_metadata(self.inputs.spec, std::mem::take(&mut self.config), read.metadata.clone());
        self.granted.metadata.extend(read.metadata);
        self.raw.extend(read.members.clone());
        self.steps.push(Value::Object(read.members));
    }

    /// Goes on without an answer.
    pub(super) fn skip(&mut self) {
        self.steps.push(Value::Null);
    }

    /// Puts another refresh token in the place of the one that was granted.
    pub(super) fn refresh_with(&mut self, refresh: Secret) {
        self.credentials.token.get_or_insert_with(nothing).refresh = Some(refresh);
    }

    /// Stores a value with the token.
    pub(super) fn keep(&mut self, name: &str, value: Secret) {
        self.credentials.obtained.insert(name.to_owned(), value.clone());
        self.granted.obtained.insert(name.to_owned(), value);
    }

    /// An error if no answer had a token.
    pub(super) fn check(&self) -> Result<()> {
        if self.has_token {
            return Ok(());
        }
        Err(Error::new(ErrorKind::TokenUnreadable, "the token endpoint answered without a token").sent(true))
    }

    /// The whole answer at a dotted path.
    pub(super) fn raw(&self) -> &Map<String, Value> {
        &self.raw
    }

    /// The outcome of the exchange. A lifetime of 0 where nothing renews the token means that it does not end: no
    /// vendor grants one that is over, and to take it for a short one would end a connection that is good.
    pub(super) fn granted(self, can_refresh: bool) -> Granted {
        let raw = Some(Secret::new(Value::Object(self.raw).to_string()));
        let is_endless = self.has_zero_lifetime && !can_refresh;
        let ends = |token: &Token| token.expires_at.filter(|_| !is_endless);
        let token = self.credentials.token.map(|token| Token { raw, expires_at: ends(&token), ..token });
        Granted { token, ..self.granted }
    }
}

fn nothing() -> Token {
    Token { access: Secret::default(), refresh: None, expires_at: None, raw: None }
}
