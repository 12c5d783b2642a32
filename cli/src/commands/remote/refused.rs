//! The words for what goes wrong between a command and its server: what it is, and what to do.
//!
//! Nothing of an answer is repeated but the message of a Keyway, and that without secrets and control characters.

use crate::exit::{Exit, Failure};
use crate::harmless::harmless;
use http::StatusCode;
use keyway::{Error, ErrorKind};
use std::error::Error as _;
use std::io;
use std::time::Duration;

/// Why there is no answer that could be shown.
#[derive(Debug)]
pub(super) struct NoAnswer {
    /// The server's word for it, where it is the server that refuses.
    pub(super) code: Option<String>,
    pub(super) failure: Failure,
}

impl NoAnswer {
    /// True if the request is fine and the connection's credential is not.
    pub(super) fn is_about_credential(&self) -> bool {
        self.failure.exit == Exit::Findings
    }
}

impl From<NoAnswer> for Failure {
    fn from(refused: NoAnswer) -> Failure {
        refused.failure
    }
}

fn without_code(message: String) -> NoAnswer {
    NoAnswer { code: None, failure: Failure::usage(message) }
}

/// A name that is no name of the server's.
pub(super) fn no_name() -> NoAnswer {
    without_code("a key or an id cannot be empty, `.` or `..`".to_owned())
}

/// A request that cannot be made of what was given.
pub(super) fn not_askable(address: &str) -> NoAnswer {
    without_code(format!("`{address}` cannot be asked; is the address right?"))
}

/// The server was not reached, or the connection broke.
pub(super) fn not_reached(address: &str, error: &Error) -> NoAnswer {
    let cause = cause(error).map(|cause| format!(" ({})", harmless(&cause))).unwrap_or_default();
    without_code(match error.kind() {
        ErrorKind::Unreachable if error.evidence().sent == Some(false) => format!(
            "no server at {address} can be reached{cause}: start one with `keyway serve`, or name another with `--server` or \
             KEYWAY_SERVER"
        ),
        ErrorKind::Timeout => {
            format!("{address} does not answer ({error}): is the address right, and is the server's network reachable?")
        }
        ErrorKind::Unreachable => {
            format!("the connection to {address} broke{cause}; was it carried out? `list` and `show` say so")
        }
        _ => format!(
            "{address} does not answer as Keyway does ({}): is it the address of a Keyway?",
            harmless(&error.to_string())
        ),
    })
}

/// The innermost reason of an error of the network's.
fn cause(error: &Error) -> Option<String> {
    let mut at = error.source();
    let mut last = None;
    while let Some(source) = at {
        last = Some(source.downcast_ref::<io::Error>().map_or_else(|| source.to_string(), io::Error::to_string));
        at = source.source();
    }
    last
}

/// The answer broke off, or is larger than any answer of Keyway.
pub(super) fn not_read(address: &str, error: &Error) -> NoAnswer {
    without_code(format!("the answer of {address} cannot be read ({error}): is it the address of a Keyway?"))
}

/// No answer, or not all of it, in time.
pub(super) fn too_slow(address: &str, limit: Duration) -> NoAnswer {
    let seconds = limit.as_secs();
    without_code(format!(
        "{address} did not answer within {seconds} s: try again, or wait longer with `--timeout`; a change may have been made"
    ))
}

/// An answer that is none of Keyway's.
pub(super) fn no_keyway(address: &str, status: StatusCode, content_type: Option<&str>) -> NoAnswer {
    let what = content_type.map(|name| harmless(name.split(';').next().unwrap_or_default()));
    let what = what.filter(|name| name.len() <= 100).map(|name| format!(", {name}")).unwrap_or_default();
    if status.is_redirection() {
        return without_code(format!(
            "{address} leads to another address ({status}), and the API key is not sent there: name the right one with `--server`"
        ));
    }
    without_code(format!(
        "what answers at {address} is no Keyway ({status}{what}): name the address of one with `--server` or KEYWAY_SERVER"
    ))
}

/// JSON, and not what was asked for.
pub(super) fn other_shape(address: &str) -> NoAnswer {
    without_code(format!(
        "{address} answers with JSON of another shape than Keyway's: is it the address of a Keyway, and of this version?"
    ))
}

/// An error of the server's own.
pub(super) fn refused(address: &str, status: StatusCode, code: &str, message: &str, wait: Option<u64>) -> NoAnswer {
    let wait = wait.map(|seconds| format!("; the next attempt is made in {seconds} s")).unwrap_or_default();
    let next = match code {
        "unauthorized" => {
            let message = format!(
                "{address} refuses the API key: set KEYWAY_API_KEY to the one that `keyway serve` showed at its first start, or \
                 that it was given"
            );
            return NoAnswer { code: Some(code.to_owned()), failure: Failure::usage(message) };
        }
        "not_found" => "; is the server's address right, with its path?",
        "unknown_connection" => "; `keyway connections list` shows which there are",
        "unknown_integration" => "; `keyway integrations list` shows which there are",
        "unknown_provider" => "; `keyway integrations create` takes a key of the server's catalogue",
        "already_exists" => "; `keyway integrations set` changes it, and `--key` gives a new one another key",
        "reconnect_needed" => "; `keyway connections link` makes a link for its customer",
        "conflict" | "busy" | "store_unavailable" | "too_many_connections" => "; try again",
        _ => "",
    };
    let exit = if status == StatusCode::FAILED_DEPENDENCY { Exit::Findings } else { Exit::Usage };
    let message = format!("{}{wait}{next}", harmless(message));
    NoAnswer { code: Some(code.to_owned()), failure: Failure { message, exit } }
}
