//! The words for what goes wrong between a command and its server: what it is, and what to do.
//!
//! Nothing of an answer is repeated but the message of a Keyway, and that without secrets and control characters.

use crate::exit::{Exit, Failure};
use crate::harmless::harmless;
use http::StatusCode;

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

/// A failure that is not the server's word.
pub(super) fn without_code(message: String) -> NoAnswer {
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
