//! `GET /health`: the process answers.
//!
//! It does not ask the store: a busy disk must not make a supervisor restart the process.

use crate::answers::Alive;
use axum::Json;

/// `{"status":"ok","version":"..."}`.
pub(crate) async fn show() -> Json<Alive> {
    Json(Alive { status: "ok", version: env!("CARGO_PKG_VERSION") })
}
