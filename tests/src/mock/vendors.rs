//! A few endpoints of the vendors that the examples call: `/vendors/HOST/...`.
//!
//! Each asks for the credential in the vendor's own place. What is changed is remembered as a line of text.

use super::{API_KEY, State};
use axum::body::Bytes;
use axum::extract::State as Extract;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/vendors/{*rest}", any(vendor))
}

async fn vendor(
    Extract(state): Extract<Arc<State>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let target = uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let target = target.trim_start_matches("/vendors/");
    let (host, path) = target.split_once('/').unwrap_or((target, ""));
    if !is_known(&state, host, &headers, path) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"message": "unknown key"}))).into_response();
    }
    if method != Method::GET {
        state.lock().changes.push(format!("{method} {target} {}", String::from_utf8_lossy(&body)));
    }
    match (method.as_str(), host, path) {
        ("GET", "api.github.com", "issues?state=open") => {
            let next = "<https://api.github.com/issues?state=open&page=2>; rel=\"next\"";
            ([(header::LINK, next)], Json(json!([{"number": 7, "title": "It breaks"}]))).into_response()
        }
        ("GET", "api.github.com", "issues?state=open&page=2") => ok(json!([{"number": 8, "title": "It is slow"}])),
        ("GET", "api.github.com", "repos/acme/app/issues?state=open") => ok(json!([{"number": 1, "title": "One"}])),
        ("GET", "gitlab.com", "api/v4/projects/acme%2Fapp/issues?state=opened") => {
            ok(json!([{"iid": 2, "title": "Two"}]))
        }
        ("GET", "globex.freshdesk.com", path) if path.starts_with("api/v2/tickets?filter=new_and_my_open") => {
            ok(json!([{"id": 3, "subject": "Three"}]))
        }
        ("GET", "api.openweathermap.org", path) if path.contains("q=Berlin") || path.contains("lat=52.52") => {
            ok(json!({"name": "Berlin", "main": {"temp": 21.46}}))
        }
        ("GET", "api.openweathermap.org", _) => {
            (StatusCode::NOT_FOUND, Json(json!({"cod": "404", "message": "city not found"}))).into_response()
        }
        // What proves a credential when it is stored.
        ("GET", "warehouse.acme.example.com", "v1/me") | ("GET", "globex.freshdesk.com", "api/v2/agents/me") => {
            ok(json!({"id": 1}))
        }
        ("GET", "warehouse.acme.example.com", "v1/items/A-1") => ok(json!({"sku": "A-1", "in_stock": 5})),
        ("POST", "warehouse.acme.example.com", "v1/reservations") => reserved(&body),
        ("PATCH" | "PUT", ..) => ok(json!({})),
        _ => (StatusCode::NOT_FOUND, Json(json!({"message": target}))).into_response(),
    }
}

/// True if the credential stands where this vendor looks for it.
fn is_known(state: &State, host: &str, headers: &HeaderMap, path: &str) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = header("authorization").strip_prefix("Bearer ").unwrap_or_default();
    match host {
        "api.openweathermap.org" => path.contains(&format!("appid={API_KEY}")),
        "warehouse.acme.example.com" => header("x-api-key") == API_KEY,
        "globex.freshdesk.com" => {
            header("authorization") == format!("Basic {}", STANDARD.encode(format!("{API_KEY}:X")))
        }
        _ => token == API_KEY || state.lock().access_tokens.contains(token),
    }
}

fn reserved(body: &[u8]) -> Response {
    let wish: Value = serde_json::from_slice(body).unwrap_or_default();
    match wish["count"].as_u64() {
        Some(..=5) => StatusCode::NO_CONTENT.into_response(),
        _ => (StatusCode::CONFLICT, Json(json!({"code": "out_of_stock", "left": 5}))).into_response(),
    }
}

fn ok(body: Value) -> Response {
    Json(body).into_response()
}
