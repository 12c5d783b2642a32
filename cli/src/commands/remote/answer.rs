//! Answers of a server: JSON objects. Anything else did not come from Keyway, and nothing of it is shown.

use super::refused::{self, NoAnswer};
use http::StatusCode;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::response::Parts;
use keyway::mask;
use keyway::secret::Secret;
use serde_json::{Map, Value};

/// The fate of the token of a connection that was removed.
const REVOCATION: &str = "keyway-revocation";
/// The code of an error, beside the one in the body.
const ERROR: &str = "keyway-error";

/// A success.
#[derive(Debug)]
pub(super) struct ServerAnswer {
    /// The members of the object; none where there is nothing to say (204).
    pub(super) members: Map<String, Value>,
    /// The fate of a token at its provider, where a connection was removed.
    pub(super) revocation: Option<String>,
}

impl ServerAnswer {
    /// Reads an answer. An error of the server's is quoted without the secrets.
    pub(super) fn read(address: &str, head: &Parts, body: &[u8], secrets: &[Secret]) -> Result<ServerAnswer, NoAnswer> {
        let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let members = match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => members,
            _ if head.status == StatusCode::NO_CONTENT && body.is_empty() => Map::new(),
            _ => return Err(refused::no_keyway(address, head.status, text(CONTENT_TYPE.as_str()).as_deref())),
        };
        if head.status.is_success() {
            return Ok(ServerAnswer { members, revocation: text(REVOCATION) });
        }
        let error = members.get("error").and_then(Value::as_object);
        let said = |name: &str| error.and_then(|error| error.get(name)).and_then(Value::as_str);
        match (said("code"), said("message")) {
            (Some(code), Some(message)) if text(ERROR).as_deref() == Some(code) => {
                let wait = text(RETRY_AFTER.as_str()).and_then(|seconds| seconds.parse().ok());
                Err(refused::refused(address, head.status, code, &mask::hide(message, secrets), wait))
            }
            _ => Err(refused::no_keyway(address, head.status, text(CONTENT_TYPE.as_str()).as_deref())),
        }
    }

    /// A list that the answer has to have.
    pub(super) fn list(&mut self, address: &str, name: &str) -> Result<Vec<Map<String, Value>>, NoAnswer> {
        let Some(Value::Array(values)) = self.members.remove(name) else { return Err(refused::other_shape(address)) };
        values
            .into_iter()
            .map(|value| match value {
                Value::Object(members) => Ok(members),
                _ => Err(refused::other_shape(address)),
            })
            .collect()
    }
}
