//! The operator's pages: what the API does, in a browser.
//!
//! ```text
//! /sign-in, /sign-out                  the API key once, then a session             sign_in, session, sessions, guard
//! /                                    what there is, and the next step             home
//! /console/providers[/{key}]           the catalogue                                providers, provider
//! /console/integrations[/new|/{key}]   what the operator set up                     integrations, integration, setup
//! /console/connections[/{key}/{id}]    customers' accounts; never a credential      connections, connection
//! /console/connections/.../call        one call, with what is sent and what comes   attempt, attempted, parameters
//! /console/connect                     a link for a customer                        connect
//! ```
//!
//! `named` reads paths, `metadata` a field; `sign_in_address` says where signing in leads, `signed_out` which sessions
//! ended early. `frame` is what stands around every page, `notice` what a page says about the form before it, `words`
//! and `calls` states, times and calls in words. A form that does something answers with a redirect to a page that
//! shows it. Every change goes through the same functions of the runtime as one of the API, so nothing can be done here
//! that cannot be done there.
//!
//! Each page works without the script; it adds copying, searching as one types, and a guard against a second click.

mod attempt;
mod attempted;
mod calls;
mod connect;
mod connection;
mod connections;
mod frame;
mod guard;
mod home;
mod integration;
mod integrations;
mod metadata;
mod named;
mod notice;
mod parameters;
mod provider;
mod providers;
mod session;
pub(crate) mod sessions;
mod setup;
mod sign_in;
mod sign_in_address;
mod signed_out;
mod words;

use crate::app::App;
use crate::error;
use axum::Router;
use axum::middleware;
use axum::routing::{get, post};
use http::HeaderMap;
use std::sync::Arc;

/// True if a request comes from an operator's session: good for looking, and not for changing anything.
pub(crate) fn is_signed_in(app: &App, headers: &HeaderMap) -> bool {
    guard::current(app, headers, app.keyway.clock().now()).is_some()
}

/// The routes of the pages.
pub(crate) fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    let signed_in = Router::new()
        .route("/", get(home::show))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/console/providers", get(providers::show))
        .route("/console/providers/{key}", get(provider::show))
        .route("/console/integrations", get(integrations::show).post(integrations::create))
        .route("/console/integrations/new", get(integrations::ask))
        .route("/console/integrations/{key}", get(integration::show).post(integration::save))
        .route("/console/integrations/{key}/delete", post(integration::delete))
        .route("/console/connections", get(connections::show))
        .route("/console/connections/{integration}/{id}", get(connection::show))
        .route("/console/connections/{integration}/{id}/metadata", post(connection::save_metadata))
        .route("/console/connections/{integration}/{id}/renew", post(connection::renew))
        .route("/console/connections/{integration}/{id}/delete", post(connection::delete))
        .route("/console/connections/{integration}/{id}/call", get(attempt::ask).post(attempt::send))
        .route("/console/connect", get(connect::ask).post(connect::create))
        .route_layer(middleware::from_fn_with_state(Arc::clone(app), guard::require));
    Router::new()
        .merge(signed_in)
        .route("/sign-in", get(sign_in::show).post(sign_in::receive).head(error::method_not_allowed))
}
