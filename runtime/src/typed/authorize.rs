//! Starting a flow that sends the customer to the provider.

use crate::client::{Authorize, Keyway, Started};
use crate::connection::{ConfigMap, ConnectionKey};
use crate::error::{Error, ErrorKind, Result};
use crate::provider::{ConfigKey, Provider};
use std::marker::PhantomData;

/// A flow about to begin.
#[derive(Debug)]
#[must_use = "a flow begins with `begin()`"]
pub struct AuthorizeRequest<P> {
    keyway: Keyway,
    key: ConnectionKey,
    config: ConfigMap,
    redirect_uri: Option<String>,
    scopes: Option<Vec<String>>,
    provider: PhantomData<fn() -> P>,
}

impl<P: Provider> AuthorizeRequest<P> {
    pub(super) fn new(keyway: Keyway, key: ConnectionKey, config: ConfigMap) -> AuthorizeRequest<P> {
        AuthorizeRequest { keyway, key, config, redirect_uri: None, scopes: None, provider: PhantomData }
    }

    /// Sets an optional configuration field.
    pub fn set(mut self, field: ConfigKey<P>, value: impl Into<String>) -> AuthorizeRequest<P> {
        self.config.insert(field.name().to_owned(), value.into());
        self
    }

    /// Where the authorization server sends the customer back to (RFC 6749 section 3.1.2). Required.
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> AuthorizeRequest<P> {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// Scopes of this flow instead of the integration's.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> AuthorizeRequest<P> {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Makes the URL. Send the customer to `url`, and keep `binding` in a cookie of that browser.
    pub async fn begin(self) -> Result<Started> {
        let redirect_uri = self.redirect_uri.ok_or_else(|| {
            Error::new(ErrorKind::MissingValue, "the redirect URI is missing; call `redirect_uri` before `begin`")
        })?;
        let request = Authorize { key: self.key, config: self.config, redirect_uri, scopes: self.scopes };
        self.keyway.authorize(request).await
    }
}
