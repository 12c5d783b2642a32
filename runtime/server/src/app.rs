//! The state that the handlers share.

use crate::api_key::ApiKey;
use crate::unauthenticated::BodyBudget;
use axum::extract::State;
use keyway::Keyway;
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
}

impl ServerConfig {
    /// A server with a key for its callers, which browsers reach at a URL.
    pub fn new(api_key: ApiKey, public_url: Url) -> ServerConfig {
        ServerConfig { api_key, public_url }
    }
}

/// The state of the router.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) keyway: Keyway,
    pub(crate) config: ServerConfig,
    /// The memory for bodies of senders without an API key.
    pub(crate) bodies: BodyBudget,
}

/// The state as a handler takes it.
pub(crate) type AppState = State<Arc<App>>;
