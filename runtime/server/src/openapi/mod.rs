//! The API in a table: a description for each method of each route, beside the types of its bodies.
//!
//! ```text
//! one file per resource -> all -> served: the router's routes
//!                              -> document: /openapi.json
//!                              -> page: /docs
//! ```
//!
//! `operation` and `parameter` are the words of a description, `errors` the codes that routes share, `bodies` and
//! `names` what requests hold; `described` and `parts` write it as OpenAPI, `members`, `prose` and `command` for
//! people.
//! The bodies of answers are those that handlers send: `crate::answers`.
//!
//! Neither holds a secret, or anything of this server: every server of a version serves the same bytes.

mod all;
mod bodies;
mod callbacks;
mod calling;
mod command;
mod connecting;
mod connections;
mod described;
mod document;
mod errors;
mod integrations;
mod members;
mod names;
mod operation;
mod page;
mod parameter;
mod parts;
mod prose;
mod providers;
mod served;
mod serving;
#[cfg(test)]
mod tests;

pub(crate) use page::show as show_page;
pub(crate) use served::Serves;

/// The descriptions, for the router.
pub(crate) mod operations {
    pub(crate) use super::callbacks::*;
    pub(crate) use super::calling::CALL_OPERATION;
    pub(crate) use super::connecting::*;
    pub(crate) use super::connections::*;
    pub(crate) use super::integrations::*;
    pub(crate) use super::providers::*;
    pub(crate) use super::serving::*;
}

use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use ring::digest;
use serde_json::Value;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(document::document);

/// The document as text, and its hash in quotes.
static SENT: LazyLock<(String, String)> = LazyLock::new(|| {
    let text = DOCUMENT.to_string();
    let hash = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()));
    (text, format!("\"{hash}\""))
});

/// `GET /openapi.json`: the document, unless the caller has it already.
pub(crate) async fn show(headers: HeaderMap) -> Response {
    let (text, tag) = &*SENT;
    let kept = [(ETAG, tag.as_str()), (CACHE_CONTROL, "no-cache")];
    if names(&headers, tag) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

/// True if a request says that it has the version with this tag (RFC 9110 section 13.1.2).
fn names(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}
