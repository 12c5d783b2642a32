//! Traces: a span for each call and each renewal, an event for each try and each wait.
//!
//! Names are those of OpenTelemetry's semantic conventions for HTTP clients, where it has one, else `keyway.*`. Never a
//! value: no URL, path, query, header, body or id of a connection. The endpoint is its template, which only typed
//! endpoints and programs that give one have; the host is left out, because a customer may name it.
//!
//! | span | level | fields |
//! |---|---|---|
//! | `keyway.call` | info | `otel.name`, `otel.kind`, `keyway.provider`, `keyway.integration`, `http.request.method`, `url.template`, `http.response.status_code`, `http.request.resend_count`, `keyway.attempts`, `error.type` |
//! | `keyway.renewal` | info | `keyway.provider`, `keyway.integration`, `error.type` |

use crate::connection::ConnectionKey;
use crate::error::Error;
use crate::request::Call;
use http::StatusCode;
use std::time::Duration;
use tracing::Span;
use tracing::field::Empty;

/// The span of a call.
pub(crate) fn call(key: &ConnectionKey, call: &Call) -> Span {
    let method = call.method.as_str();
    let template =
        call.endpoint_template.as_deref().map(|template| template.split(['?', '#']).next().unwrap_or_default());
    let span = tracing::info_span!(
        "keyway.call",
        otel.name = Empty,
        otel.kind = "client",
        keyway.provider = Empty,
        keyway.integration = key.integration,
        http.request.method = method,
        url.template = template,
        http.response.status_code = Empty,
        http.request.resend_count = Empty,
        keyway.attempts = Empty,
        error.r#type = Empty,
    );
    if !span.is_disabled() {
        match template {
            Some(template) => span.record("otel.name", format!("{method} {template}")),
            None => span.record("otel.name", method),
        };
    }
    span
}

/// The span of a renewal.
pub(crate) fn renewal(key: &ConnectionKey) -> Span {
    tracing::info_span!(
        "keyway.renewal",
        keyway.provider = Empty,
        keyway.integration = key.integration,
        error.r#type = Empty,
    )
}

/// Says in the span around it which provider it is about.
pub(crate) fn provider(key: &'static str) {
    Span::current().record("keyway.provider", key);
}

/// Says in the span around it how it ended, if that was an error.
pub(crate) fn failed(error: &Error) {
    Span::current().record("error.type", error.kind().code());
}

/// A try of a call, from 0.
pub(crate) fn tried(number: u32, outcome: Result<StatusCode, &Error>) {
    match outcome {
        Ok(status) => {
            tracing::debug!(http.request.resend_count = number, http.response.status_code = status.as_u16(), "tried");
        }
        Err(error) => tracing::debug!(
            http.request.resend_count = number,
            error.r#type = error.kind().code(),
            sent = error.evidence().sent,
            "tried without an answer"
        ),
    }
}

/// A wait before the next try.
pub(crate) fn waiting(wait: Duration) {
    tracing::debug!(keyway.wait_seconds = wait.as_secs_f64(), "waiting before the next try");
}

/// The outcome of a call after so many tries.
pub(crate) fn ended(tries: u32, outcome: Result<StatusCode, &Error>) {
    let span = Span::current();
    span.record("keyway.attempts", tries);
    if tries > 1 {
        span.record("http.request.resend_count", tries - 1);
    }
    match outcome {
        Ok(status) => {
            span.record("http.response.status_code", status.as_u16());
            if status.is_client_error() || status.is_server_error() {
                span.record("error.type", status.as_str());
            }
        }
        Err(error) => {
            if let Some(status) = error.evidence().status {
                span.record("http.response.status_code", status);
            }
            failed(error);
        }
    }
}
