//! The last calls of a connection in words: when, how it ended, how long it took. Nothing of what was called is kept.

use super::words::{distance, instant};
use keyway::client::{CallEnd, RecentCall};
use keyway::clock::Timestamp;

/// A call, as the page of its connection shows it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CallRow {
    pub(super) ago: String,
    pub(super) at: String,
    /// The class of its badge.
    pub(super) class: &'static str,
    /// A status, or the code of an error.
    pub(super) end: String,
    pub(super) milliseconds: u32,
}

impl CallRow {
    pub(super) fn new(call: &RecentCall, now: Timestamp) -> CallRow {
        let (class, end) = match call.ended {
            CallEnd::Answered { status, counts_as: None } => (class(status), status.to_string()),
            CallEnd::Answered { status, counts_as: Some(meant) } => (class(meant), format!("{status}, means {meant}")),
            CallEnd::Failed(kind) => ("bad", kind.code().to_owned()),
            _ => ("warn", "ended".to_owned()),
        };
        let ago = distance(call.at, now);
        CallRow { ago, at: instant(call.at), class, end, milliseconds: call.milliseconds }
    }
}

fn class(status: u16) -> &'static str {
    match status {
        ..400 => "good",
        429 => "warn",
        _ => "bad",
    }
}
