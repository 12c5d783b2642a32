//! `GET /health`: the process answers.
//!
//! It does not ask the store: a busy disk must not make a supervisor restart the process.

use axum::Json;
use serde_json::{Value, json};

/// `{"status":"ok","version":"..."}`.
pub(crate) async fn show() -> Json<Value> {
    Json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}
