//! The line that is logged of a request: method, first segment of the path, status, time.
//!
//! Neither the query nor the proxied path is logged: either may hold a secret.

use crate::app::AppState;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{Method, StatusCode};
use std::time::Instant;
use tracing::Level;

/// A line of which the answer is still to come.
pub(crate) struct Line {
    started: Instant,
    method: Method,
    resource: String,
}

/// Logs a line for each request that the router answers, and keeps the refusals.
pub(crate) async fn log(State(app): AppState, request: Request, next: Next) -> Response {
    let line = Line::begin(request.method(), request.uri().path());
    let uri = request.uri().clone();
    let response = next.run(request).await;
    app.refusals.note(app.keyway.clock().now(), uri.path(), response.status().as_u16(), response.headers());
    if let Some(line) = line {
        line.end(response.status());
    }
    response
}

impl Line {
    /// The line of a request; `None` where none is wanted.
    pub(crate) fn begin(method: &Method, path: &str) -> Option<Line> {
        tracing::enabled!(Level::INFO).then(|| Line {
            started: Instant::now(),
            method: method.clone(),
            resource: path.split('/').nth(1).unwrap_or_default().to_owned(),
        })
    }

    /// Logs it, with the status of the answer.
    pub(crate) fn end(self, status: StatusCode) {
        let Line { started, method, resource } = self;
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(%method, resource, status = status.as_u16(), milliseconds, "answered");
    }
}
