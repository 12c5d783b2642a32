//! The API: an echo of the request, protected by a bearer token or a key, and endpoints that fail, redirect or dawdle.
//!
//! There are no resources.

use super::{API_KEY, State};
use axum::body::Body;
use axum::extract::{Path, Request, State as Extract};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::any;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The largest body that is echoed, in bytes.
const MAX_ECHO: usize = 4 * 1024 * 1024;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/echo", any(echo))
        .route("/api/echo/{*rest}", any(echo))
        .route("/api/private", any(private))
        .route("/api/count", any(count))
        .route("/api/fail-once/{name}", any(fail_once))
        .route("/api/status/{status}", any(status))
        .route("/api/redirect", any(async || Redirect::temporary("/api/echo")))
        .route("/api/slow/{milliseconds}", any(slow))
}

/// The request as it arrived: method, raw target, headers, body as text.
async fn echo(Extract(state): Extract<Arc<State>>, request: Request) -> Response {
    state.lock().requests += 1;
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, MAX_ECHO).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let target = parts.uri.path_and_query().map(PathAndQuery::as_str).unwrap_or_default();
    let mut headers: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let values = headers.entry(name.as_str()).or_default();
        if !values.is_empty() {
            values.push_str(", ");
        }
        values.push_str(&value);
    }
    let echo = json!({
        "method": parts.method.as_str(),
        "target": target,
        "headers": headers,
        "length": bytes.len(),
        "body": String::from_utf8_lossy(&bytes),
    });
    ([("x-upstream", "mock"), ("keep-alive", "timeout=5"), ("connection", "x-hop"), ("x-hop", "1")], Json(echo))
        .into_response()
}

/// 200 for a bearer token that is alive, or for the API key; else 401.
async fn private(Extract(state): Extract<Arc<State>>, headers: HeaderMap) -> Response {
    let mut inner = state.lock();
    inner.requests += 1;
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = token.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    let key = headers.get("x-api-key").is_some_and(|value| value == API_KEY);
    if key || inner.access_tokens.contains(token) {
        Json(json!({"token": token})).into_response()
    } else {
        (StatusCode::UNAUTHORIZED, Json(json!({"error": "no such token"}))).into_response()
    }
}

async fn count(Extract(state): Extract<Arc<State>>) -> Json<Value> {
    let mut inner = state.lock();
    inner.requests += 1;
    Json(json!({"requests": inner.requests}))
}

/// 503 the first time, 200 ever after. `Retry-After: 0` keeps the test short.
async fn fail_once(Extract(state): Extract<Arc<State>>, Path(name): Path<String>) -> Response {
    let mut inner = state.lock();
    inner.requests += 1;
    let calls = inner.failures.entry(name).or_default();
    *calls += 1;
    match *calls {
        1 => (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "0")], "not yet").into_response(),
        calls => Json(json!({"calls": calls})).into_response(),
    }
}

async fn status(Extract(state): Extract<Arc<State>>, Path(status): Path<u16>) -> Response {
    state.lock().requests += 1;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (status, [("x-upstream", "mock")], Body::from("as you wished")).into_response()
}

async fn slow(Path(milliseconds): Path<u64>) -> &'static str {
    tokio::time::sleep(Duration::from_millis(milliseconds.min(60_000))).await;
    "at last"
}
