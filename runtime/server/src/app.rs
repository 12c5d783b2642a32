//! The state that the handlers share.

use crate::api_key::ApiKey;
use crate::brand::Brand;
use crate::console::sessions::OperatorSessions;
use crate::refusals::Refusals;
use crate::unauthenticated::BodyBudget;
use axum::extract::State;
use keyway::{Keyway, Secret};
use std::sync::Arc;
use url::Url;

/// The server's configuration, apart from the runtime's.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ServerConfig {
    /// The key that callers of the API send.
    pub api_key: ApiKey,
    /// Where browsers reach this server, with or without a path: redirect URIs begin with
    /// `<public_url>/oauth/callback`, and connect links with it.
    pub public_url: Url,
    /// Signs operators' sessions, together with the API key: the same on every server that browsers may be sent to.
    /// `None` for a secret of this process, whose sessions end with it.
    pub session_secret: Option<Secret>,
    /// Where integrations and connections are kept, as operators' pages name it; without a password.
    pub store_name: Option<String>,
    /// True to serve operators' pages.
    pub pages: bool,
    /// The look of customers' pages.
    pub brand: Brand,
}

impl ServerConfig {
    /// A server with a key for its callers, which browsers reach at a URL.
    pub fn new(api_key: ApiKey, public_url: Url) -> ServerConfig {
        ServerConfig { api_key, public_url, session_secret: None, store_name: None, pages: true, brand: Brand::new() }
    }

    /// Signs operators' sessions with a secret that other servers have, too.
    #[must_use]
    pub fn session_secret(mut self, secret: Secret) -> ServerConfig {
        self.session_secret = Some(secret);
        self
    }

    /// Names the store on operators' pages.
    #[must_use]
    pub fn store_name(mut self, name: impl Into<String>) -> ServerConfig {
        self.store_name = Some(name.into());
        self
    }

    /// Gives customers' pages a look.
    #[must_use]
    pub fn brand(mut self, brand: Brand) -> ServerConfig {
        self.brand = brand;
        self
    }

    /// Serves operators' pages, or leaves them out.
    #[must_use]
    pub fn pages(mut self, pages: bool) -> ServerConfig {
        self.pages = pages;
        self
    }
}

/// The state of the router.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) keyway: Keyway,
    pub(crate) config: ServerConfig,
    pub(crate) operators: OperatorSessions,
    pub(crate) refusals: Refusals,
    /// The memory for bodies of senders without an API key.
    pub(crate) bodies: BodyBudget,
}

/// The state as a handler takes it.
pub(crate) type AppState = State<Arc<App>>;
