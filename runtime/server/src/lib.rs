//! Keyway over HTTP: an axum router over the runtime, and the loop that serves it.
//!
//! ```text
//! request -> auth (Bearer) -> one handler per resource -> keyway::Keyway -> JSON | the upstream's response
//! ```
//!
//! One file per resource: `health`, `providers`, `integrations`, `connections`, `connect`, `offer`, `form`, `submit`
//! with `submission` and `submit_form`, `choice`, `callback`, `webhooks`, `client_metadata` and `proxy/` with `call` in
//! it.
//! They share: `app` (the router's state), `auth` and `api_key` (who may call), `framing` (requests that read in two
//! ways), `extract` and `input` (paths, queries and JSON bodies), `unauthenticated` (bodies of senders without a key),
//! `link` (connect links, addresses of this server), `way_back` (to the app that made a session), `form_fields` (which
//! fields a form has), `cookies` (the one that ties a flow to its browser), `error` (error bodies), `answered` (the
//! line that is logged), `refusals` (the latest, for the operator) and `pages` (what a customer sees, from
//! `templates/`). `console/` has the operators' pages. `handler` takes proxied requests past the router; `serve/`,
//! `write_timeout` and `half_closed` bound what clients can take.
//! `openapi/` describes every route in one table: the router, `/openapi.json` and `/docs` are made from it, the bodies
//! of answers are `answers/`; `docs/http.md` says the same in prose.
//!
//! Where a credential may go, how it is kept and when it is renewed is decided by the runtime; this crate stores
//! nothing.

mod answered;
mod answers;
mod api_key;
mod app;
mod auth;
mod brand;
mod callback;
mod choice;
mod client_metadata;
mod connect;
mod connections;
mod console;
mod cookies;
mod error;
mod extract;
mod form;
mod form_fields;
mod framing;
mod half_closed;
mod handler;
mod health;
mod input;
mod integrations;
mod link;
mod offer;
mod openapi;
mod pages;
mod providers;
mod proxy;
mod refusals;
mod serve;
mod submission;
mod submit;
mod submit_form;
mod unauthenticated;
mod way_back;
mod webhooks;
mod write_timeout;

pub use api_key::ApiKey;
pub use app::ServerConfig;
pub use brand::{Brand, BrandError};
pub use client_metadata::client_metadata_base;
pub use handler::Handler;
#[doc(hidden)] // for the files of this crate
pub use openapi::{ApiFile, api_files};
pub use serve::{Limits, MAX_HEADER, SHUTDOWN_TIMEOUT, serve, serve_on_threads, serve_within};

use api_key::fingerprint_of;
use app::App;
use axum::Router;
use axum::middleware;
use axum::routing::any;
use console::sessions::OperatorSessions;
use extract::NoQuery;
use keyway::{Keyway, Secret};
use openapi::{Serves, operations};
use refusals::Refusals;
use std::sync::Arc;

/// All routes, for a server of one's own. [`handler`] answers proxied requests in less time.
pub fn router(keyway: Keyway, config: ServerConfig) -> Router {
    routes(app(keyway, config))
}

/// Answers requests for [`serve`] and its kin: the same routes, those of the proxy without the layers of a router.
pub fn handler(keyway: Keyway, config: ServerConfig) -> Handler {
    let app = app(keyway, config);
    Handler::new(Arc::clone(&app), routes(app))
}

fn app(keyway: Keyway, config: ServerConfig) -> Arc<App> {
    let secret = config.session_secret.clone().or_else(|| own_secret(&keyway));
    let operators = OperatorSessions::new(secret.as_ref(), &config.api_key);
    Arc::new(App {
        keyway,
        config,
        operators,
        refusals: Refusals::default(),
        bodies: unauthenticated::BodyBudget::default(),
    })
}

/// A secret that ends with this process; `None` where the system has no random bytes.
fn own_secret(keyway: &Keyway) -> Option<Secret> {
    let mut bytes = [0; 32];
    keyway.clock().random(&mut bytes).ok()?;
    Some(Secret::new(fingerprint_of(&bytes)))
}

fn routes(app: Arc<App>) -> Router {
    let without_query = Router::new()
        .serves(operations::LIST_PROVIDERS.route(), providers::list)
        .serves(operations::SHOW_PROVIDER.route(), providers::show)
        .serves(operations::LIST_INTEGRATIONS.route(), integrations::list)
        .serves(operations::CREATE_INTEGRATION.route(), integrations::create)
        .serves(operations::CHANGE_INTEGRATION.route(), integrations::update)
        .serves(operations::DELETE_INTEGRATION.route(), integrations::delete)
        .serves(operations::CREATE_SESSION.route(), connect::create_session)
        .route_layer(middleware::from_extractor::<NoQuery>());
    let protected = Router::new()
        .merge(without_query)
        .serves(operations::SHOW_INTEGRATION.route(), integrations::show)
        .serves(operations::LIST_CONNECTIONS.route(), connections::list)
        .serves(operations::IMPORT_CONNECTION.route(), connections::import)
        .serves(operations::SHOW_CONNECTION.route(), connections::show)
        .serves(operations::CHANGE_CONNECTION.route(), connections::change)
        .serves(operations::DELETE_CONNECTION.route(), connections::delete)
        .serves(operations::CALL_OPERATION.route(), proxy::call::route)
        // Any method, also those that no document can list.
        .route("/proxy", any(proxy::route))
        .route("/proxy/", any(proxy::route))
        .route("/proxy/{*target}", any(proxy::route))
        .route_layer(middleware::from_fn_with_state(app.clone(), auth::require));
    let pages = Router::new()
        .serves(operations::SHOW_REFERENCE.route(), integrations::reference)
        .route_layer(middleware::from_extractor::<NoQuery>())
        .route_layer(middleware::from_fn_with_state(app.clone(), auth::require_of_person));
    let public = Router::new()
        .serves(operations::HEALTH.route(), health::show)
        .serves(operations::OPENAPI.route(), openapi::show)
        .serves(operations::CLIENT_METADATA.route(), client_metadata::show)
        .serves(operations::ISSUER_CLIENT_METADATA.route(), client_metadata::show_for_issuer);
    let public = if app.config.pages { public.serves(operations::DOCS.route(), openapi::show_page) } else { public };
    let public = public.route_layer(middleware::from_extractor::<NoQuery>());
    let customers = Router::new()
        .serves(operations::OPEN_LINK.route(), connect::begin)
        .serves(operations::SHOW_OFFER.route(), offer::show)
        .serves(operations::SHOW_FORM.route(), form::show)
        .serves(operations::SUBMIT_FORM.route(), submit::receive)
        .serves(operations::MAKE_CHOICE.route(), choice::receive)
        .serves(operations::SHARED_CALLBACK.route(), callback::receive)
        .serves(operations::INTEGRATION_CALLBACK.route(), callback::receive)
        .serves(operations::ISSUER_CALLBACK.route(), callback::receive)
        .layer(middleware::map_response_with_state(Arc::clone(&app), pages::dressed::dress));
    let console = if app.config.pages { console::routes(&app) } else { Router::new() };
    Router::new()
        .merge(console)
        .merge(protected)
        .merge(pages)
        .merge(public)
        .merge(customers)
        .serves(operations::RECEIVE_WEBHOOK.route(), webhooks::receive)
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(middleware::from_fn(framing::check))
        .layer(middleware::from_fn_with_state(Arc::clone(&app), answered::log))
        .with_state(app)
}
