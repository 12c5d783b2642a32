//! The API in a table: a description for each method of each route, beside the types of its bodies.
//!
//! ```text
//! one file per resource -> served: the router's routes
//!                       -> all -> document, page -> files: what /openapi.json and /docs answer
//! ```
//!
//! `operation` and `parameter` are the words of a description, `errors` the codes that routes share, `bodies` and
//! `names` what requests hold; `described` and `parts` write it as OpenAPI, `members`, `prose` and `command` for
//! people.
//! The bodies of answers are those that handlers send: `crate::answers`.
//!
//! A description is data of a version, so it is written when the code changes and not when a server runs: the files in
//! `written/` are what is served, `cargo run -p keyway-server --example openapi` writes them again, and a test fails
//! where they say anything else than the table. A program that serves them holds no schemas and no code that makes
//! them. Neither file holds a secret, or anything of this server.

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
mod files;
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

pub use files::{ApiFile, api_files};
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

use crate::pages::{self, FormTarget};
use askama::Template;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use files::{DOCUMENT, ROUTES};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};
use ring::digest;
use std::sync::LazyLock;

/// The document's hash in quotes.
static TAG: LazyLock<String> = LazyLock::new(|| {
    let hash = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, DOCUMENT));
    format!("\"{hash}\"")
});

/// `GET /openapi.json`: the document, unless the caller has it already.
pub(crate) async fn show(headers: HeaderMap) -> Response {
    let kept = [(ETAG, TAG.as_str()), (CACHE_CONTROL, "no-cache")];
    if names(&headers, &TAG) {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    (kept, [(CONTENT_TYPE, "application/json")], files::text(DOCUMENT)).into_response()
}

/// The routes as a page shows them: markup of the program's own, escaped where it was made.
pub(crate) fn routes() -> String {
    files::text(ROUTES)
}

/// `GET /docs`: the same for people.
pub(crate) async fn show_page() -> Response {
    pages::document(StatusCode::OK, &DocsPage { version: env!("CARGO_PKG_VERSION") }, FormTarget::None)
}

#[derive(Template)]
#[template(path = "docs.html")]
struct DocsPage {
    version: &'static str,
}

impl DocsPage {
    #[expect(clippy::unused_self, reason = "templates ask for the title so")]
    fn title(&self) -> &'static str {
        "The HTTP interface of Keyway"
    }
}

/// True if a request says that it has the version with this tag (RFC 9110 section 13.1.2).
fn names(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.trim_start_matches("W/") == tag)
}
