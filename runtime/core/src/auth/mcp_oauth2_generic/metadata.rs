//! A document of metadata (RFC 8414, RFC 9728): where it is, and its members.
//!
//! The files that read the members decide what they mean.

use crate::auth::exchange::Answer;
use crate::error::{Error, ErrorKind, Result};
use serde_json::{Map, Value};
use url::Url;

/// The most items of a list that are read: more scopes than this do not fit into a URL.
pub(super) const MAX_ITEMS: usize = 100;

/// The URL of a well-known document: the suffix stands before the path (RFC 8615, RFC 8414 section 3.1).
pub(super) fn well_known(url: &Url, suffix: &str, path: &str) -> Url {
    let mut place = url.clone();
    place.set_query(None);
    place.set_fragment(None);
    place.set_path(&format!("/.well-known/{suffix}{path}"));
    place
}

/// The members of an answer that is a document; `None` where there is none.
pub(super) fn members(answer: &Answer) -> Option<Map<String, Value>> {
    serde_json::from_str(answer.body.expose()).ok().filter(|_| answer.status == 200)
}

/// The texts of a list.
pub(super) fn texts(members: &Map<String, Value>, name: &str) -> Vec<String> {
    let items = members.get(name).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).take(MAX_ITEMS).map(str::to_owned).collect()
}

/// Refuses a URL that gives up TLS where the one that led to it had it.
pub(super) fn not_weaker(from: &Url, to: &Url) -> Result<()> {
    if from.scheme() == "https" && to.scheme() != "https" {
        return Err(refused("the server's metadata names a URL without `https:`"));
    }
    Ok(())
}

/// An error of discovery.
pub(super) fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::TokenRefused, message)
}
