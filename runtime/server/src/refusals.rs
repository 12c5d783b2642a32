//! The latest refusals of this server, for its operator: when, on which kind of route, with which code.
//!
//! Nothing else of a request is kept: neither its path nor its query, which may hold a secret, nor who sent it.

use crate::error::ERROR_HEADER;
use http::HeaderMap;
use keyway::clock::Timestamp;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// The most that are kept.
const MAX_REFUSALS: usize = 50;

/// The longest name of a kind of route that is kept, in bytes.
const MAX_RESOURCE: usize = 40;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) at: Timestamp,
    /// The first segment of the path.
    pub(crate) resource: String,
    pub(crate) status: u16,
    pub(crate) code: String,
}

/// All that are kept, the latest last.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<VecDeque<Refusal>>);

impl Refusals {
    /// Keeps an answer that is one of this server's own errors.
    pub(crate) fn note(&self, at: Timestamp, path: &str, status: u16, headers: &HeaderMap) {
        let Some(code) = headers.get(ERROR_HEADER).and_then(|code| code.to_str().ok()) else { return };
        let resource = path.split('/').nth(1).unwrap_or_default();
        let resource: String = resource.chars().filter(char::is_ascii_graphic).take(MAX_RESOURCE).collect();
        let refusal = Refusal { at, resource, status, code: code.to_owned() };
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MAX_REFUSALS {
            kept.pop_front();
        }
        kept.push_back(refusal);
    }

    /// The latest first.
    pub(crate) fn latest(&self) -> Vec<Refusal> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn the_latest_are_kept_without_what_a_path_holds() {
        let refusals = Refusals::default();
        let own: HeaderMap = [(ERROR_HEADER, HeaderValue::from_static("unauthorized"))].into_iter().collect();
        refusals.note(Timestamp::UNIX_EPOCH, "/proxy/secret?token=x", 502, &HeaderMap::new());
        assert_eq!(refusals.latest(), [], "an upstream's own error is none of ours");
        for status in 400..=460 {
            refusals.note(Timestamp::UNIX_EPOCH, "/proxy/secret?token=x", status, &own);
        }
        let latest = refusals.latest();
        assert_eq!(latest.len(), MAX_REFUSALS);
        let first = &latest[0];
        assert_eq!((first.status, first.resource.as_str(), first.code.as_str()), (460, "proxy", "unauthorized"));
        refusals.note(Timestamp::UNIX_EPOCH, &format!("/{}", "x".repeat(1000)), 404, &own);
        assert_eq!(refusals.latest()[0].resource.len(), MAX_RESOURCE);
    }
}
