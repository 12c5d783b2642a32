//! Keyway over HTTP: an axum router over the runtime, and the loop that serves it.
//!
//! ```text
//! request -> auth (Bearer) -> one handler per resource -> keyway::Keyway -> JSON | the upstream's response
//! ```
//!
//! One file per resource: `health`, `providers`, `integrations`, `connections`, `connect`, `form`, `submit`,
//! `webhooks`, `client_metadata` and `proxy/`. What they share:
//! `auth` (the API key), `input` (JSON bodies and queries), `error` (error bodies) and `pages` (the few pages a person
//! sees). `docs/http.md` documents every route.
//!
//! This crate holds no rule about providers, credentials or hosts, and stores nothing: all of that is the runtime's.

mod auth;
mod client_metadata;
mod connect;
mod connections;
mod error;
mod form;
mod health;
mod input;
mod integrations;
mod pages;
mod providers;
mod proxy;
mod serve;
mod submit;
mod webhooks;

pub use auth::ApiKey;
pub use client_metadata::client_metadata_base;
pub use serve::{GRACE, serve, serve_and_settle};

use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Router, extract::State};
use keyway::Keyway;
use std::sync::Arc;
use std::time::Instant;
use url::Url;

/// What the server has to know beside the runtime.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// What callers prove themselves with.
    pub api_key: ApiKey,
    /// Where browsers reach this server, with or without a path: the redirect URI is `<public_url>/oauth/callback`,
    /// and connect links begin with it.
    pub public_url: Url,
}

/// All routes.
pub fn router(keyway: Keyway, config: ServerConfig) -> Router {
    let app = Arc::new(App { keyway, config });
    let protected = Router::new()
        .route("/providers", get(providers::list))
        .route("/providers/{key}", get(providers::show))
        .route("/integrations", get(integrations::list).post(integrations::create))
        .route("/integrations/{key}", get(integrations::show).patch(integrations::update).delete(integrations::delete))
        .route("/connections", get(connections::list).post(connections::import))
        .route("/connections/{id}", get(connections::show).delete(connections::delete))
        .route("/connect/sessions", post(connect::create_session))
        .route("/proxy", any(proxy::forward))
        .route("/proxy/", any(proxy::forward))
        .route("/proxy/{*target}", any(proxy::forward))
        .route_layer(middleware::from_fn_with_state(app.clone(), auth::require));
    Router::new()
        .merge(protected)
        .route("/health", get(health::show))
        .route("/oauth/client-metadata/{integration}", get(client_metadata::show))
        // Not HEAD: links and callbacks work once, and previews of links must not use them up.
        .route("/oauth/connect/{integration}", get(connect::begin).head(error::method_not_allowed))
        .route("/connect/{integration}", get(form::show).post(submit::receive).head(error::method_not_allowed))
        .route("/webhooks/{integration}", post(webhooks::receive))
        .route(connect::CALLBACK, get(connect::callback).head(error::method_not_allowed))
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(middleware::from_fn(trace))
        .with_state(app)
}

/// What handlers share.
#[derive(Debug)]
struct App {
    keyway: Keyway,
    config: ServerConfig,
}

type AppState = State<Arc<App>>;

/// One line per request. Never the query or the proxied path: either may hold a secret.
async fn trace(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let resource = request.uri().path().split('/').nth(1).unwrap_or_default().to_owned();
    let response = next.run(request).await;
    let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, resource, status = response.status().as_u16(), milliseconds, "answered");
    response
}
