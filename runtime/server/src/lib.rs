//! Keyway over HTTP: an axum router over the runtime, and the loop that serves it.
//!
//! ```text
//! request -> auth (Bearer) -> one handler per resource -> keyway::Keyway -> JSON | the upstream's response
//! ```
//!
//! One file per resource: `health`, `providers`, `integrations`, `connections`, `connect`, `form`, `submit`,
//! `callback`, `webhooks`, `client_metadata` and `proxy/`. What they share: `app` (the router's state), `auth` and
//! `api_key` (who may call), `framing` (requests that read in two ways), `extract` and `input` (paths, queries and
//! JSON bodies), `unauthenticated` (bodies of senders without a key), `link` (connect links, addresses of this
//! server), `form_fields` (which fields a form has), `cookies` (the one that ties a flow to its browser), `error`
//! (error bodies) and `pages` (what a person sees, from `templates/`). `serve`, `write_timeout` and `half_closed`
//! bound what clients can take. `docs/http.md` documents every route.
//!
//! Where a credential may go, how it is kept and when it is renewed is decided by the runtime; this crate stores
//! nothing.

mod api_key;
mod app;
mod auth;
mod callback;
mod client_metadata;
mod connect;
mod connections;
mod cookies;
mod error;
mod extract;
mod form;
mod form_fields;
mod framing;
mod half_closed;
mod health;
mod input;
mod integrations;
mod link;
mod pages;
mod providers;
mod proxy;
mod serve;
mod submit;
mod unauthenticated;
mod webhooks;
mod write_timeout;

pub use api_key::ApiKey;
pub use app::ServerConfig;
pub use client_metadata::client_metadata_base;
pub use serve::{Limits, MAX_HEADER, SHUTDOWN_TIMEOUT, serve, serve_within};

use app::App;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, get, patch, post};
use extract::NoQuery;
use keyway::Keyway;
use std::sync::Arc;
use std::time::Instant;

/// All routes.
pub fn router(keyway: Keyway, config: ServerConfig) -> Router {
    let app = Arc::new(App { keyway, config, bodies: unauthenticated::BodyBudget::default() });
    let without_query = Router::new()
        .route("/providers", get(providers::list))
        .route("/providers/{key}", get(providers::show))
        .route("/integrations", get(integrations::list).post(integrations::create))
        .route("/integrations/{key}", patch(integrations::update).delete(integrations::delete))
        .route("/connect/sessions", post(connect::create_session))
        .route_layer(middleware::from_extractor::<NoQuery>());
    let protected = Router::new()
        .merge(without_query)
        .route("/integrations/{key}", get(integrations::show))
        .route("/connections", get(connections::list).post(connections::import))
        .route("/connections/{id}", get(connections::show).delete(connections::delete))
        .route("/proxy", any(proxy::forward))
        .route("/proxy/", any(proxy::forward))
        .route("/proxy/{*target}", any(proxy::forward))
        .route_layer(middleware::from_fn_with_state(app.clone(), auth::require));
    let public = Router::new()
        .route("/health", get(health::show))
        .route("/oauth/client-metadata/{integration}", get(client_metadata::show))
        .route("/oauth/client-metadata/{integration}/{issuer}", get(client_metadata::show_for_issuer))
        .route_layer(middleware::from_extractor::<NoQuery>());
    Router::new()
        .merge(protected)
        .merge(public)
        // Not for HEAD, like callbacks: opening a link begins a flow.
        .route("/oauth/connect/{integration}", get(connect::begin).head(error::method_not_allowed))
        .route("/connect/{integration}", get(form::show).post(submit::receive).head(error::method_not_allowed))
        .route("/webhooks/{integration}", post(webhooks::receive))
        .merge(callback::routes())
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(middleware::from_fn(framing::check))
        .layer(middleware::from_fn(trace))
        .with_state(app)
}

/// Logs one line per request. Neither the query nor the proxied path is logged: either may hold a secret.
async fn trace(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let resource = request.uri().path().split('/').nth(1).unwrap_or_default().to_owned();
    let response = next.run(request).await;
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, resource, status = response.status().as_u16(), milliseconds, "answered");
    response
}
