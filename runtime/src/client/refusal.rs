//! The error of an endpoint whose refusals have a shape.
//!
//! The body is read from the masked text, so it holds no secret. An error may also stand inside a success: a rule says
//! by which member it is known.

use super::answer::{Failure, RefusedAnswer, Whole};
use crate::error::Error;
use crate::response::errors::is_there;
use crate::response::path;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;

/// Why a call of an endpoint with `#[error(E)]` failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallError<E> {
    /// The upstream refused the call, or answered with an error inside a success, and its answer reads as `E`.
    Refused {
        /// What the upstream said, secrets of the connection masked.
        body: E,
        /// The same refusal with its evidence: status, provider, the wait that was not made.
        error: Error,
    },
    /// Anything else: the call was not sent or not answered, or the refusal has another shape.
    Other(Error),
}

impl<E> CallError<E> {
    /// What the upstream said, if it refused in the expected shape.
    pub fn body(&self) -> Option<&E> {
        match self {
            CallError::Refused { body, .. } => Some(body),
            CallError::Other(_) => None,
        }
    }

    /// The error with its evidence.
    pub fn error(&self) -> &Error {
        match self {
            CallError::Refused { error, .. } | CallError::Other(error) => error,
        }
    }
}

impl<E> From<Error> for CallError<E> {
    fn from(error: Error) -> CallError<E> {
        CallError::Other(error)
    }
}

impl<E> From<CallError<E>> for Error {
    fn from(error: CallError<E>) -> Error {
        match error {
            CallError::Refused { error, .. } | CallError::Other(error) => error,
        }
    }
}

impl<E> fmt::Display for CallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error().fmt(f)
    }
}

impl<E: fmt::Debug> std::error::Error for CallError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(self.error())
    }
}

/// Which answers are read as the type of an endpoint's error: those that both fit. Generated code writes it.
#[derive(Clone, Copy, Debug)]
pub struct ErrorRule {
    /// This status alone; `None` is every status that is no success, or with `when` every status.
    pub status: Option<u16>,
    /// A condition of the body, which also finds an error inside a success: `path`, where the value there is neither
    /// `null`, `false` nor empty, or `path=value`.
    pub when: Option<&'static str>,
}

/// The error that an endpoint reports, and which answers are read as it.
pub(crate) struct Refusals<E> {
    pub(super) rules: &'static [ErrorRule],
    read: fn(Failure, &[ErrorRule]) -> E,
}

impl Refusals<Error> {
    /// Refusals without a shape.
    pub(super) const PLAIN: Refusals<Error> = Refusals { rules: &[], read: |failure, _| failure.into() };
}

impl<E: From<Error>> Refusals<E> {
    /// Refusals without a shape, in an error that has room for one.
    pub(super) fn without_shape() -> Refusals<E> {
        Refusals { rules: &[], read: |failure, _| Error::from(failure).into() }
    }
}

impl<E: DeserializeOwned> Refusals<CallError<E>> {
    /// Refusals whose bodies are read as `E`.
    pub(super) fn typed(rules: &'static [ErrorRule]) -> Refusals<CallError<E>> {
        Refusals { rules, read: typed }
    }
}

impl<E> Refusals<E> {
    /// The error of a failure.
    pub(super) fn error(&self, failure: Failure) -> E {
        (self.read)(failure, self.rules)
    }

    /// A success, or the error that its body is.
    pub(super) fn success(&self, whole: Whole) -> Result<Whole, E> {
        success(self.rules, whole).map_err(|failure| self.error(failure))
    }
}

/// A success, or the refusal that its body is.
pub(super) fn success(rules: &[ErrorRule], whole: Whole) -> Result<Whole, Failure> {
    if rules.iter().all(|rule| rule.when.is_none()) {
        return Ok(whole);
    }
    let Ok(body) = serde_json::from_slice::<Value>(&whole.body) else { return Ok(whole) };
    let status = whole.status.as_u16();
    let is_error = rules.iter().any(|rule| rule.when.is_some() && rule.fits(status, &body));
    if is_error { Err(Failure::Refused(whole.refused())) } else { Ok(whole) }
}

/// A refusal with its body as `E`, where a rule says so and it reads as one.
fn typed<E: DeserializeOwned>(failure: Failure, rules: &[ErrorRule]) -> CallError<E> {
    let RefusedAnswer { error, body } = match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Other(error) => return CallError::Other(error),
    };
    let status = error.evidence().status.unwrap_or_default();
    let Ok(said) = serde_json::from_str::<Value>(&body) else { return CallError::Other(error) };
    if !rules.iter().any(|rule| rule.fits(status, &said)) {
        return CallError::Other(error);
    }
    // From the text, not the value: a type may borrow from it or read numbers of any size.
    match serde_json::from_str(&body) {
        Ok(body) => CallError::Refused { body, error },
        Err(_) => CallError::Other(error),
    }
}

impl ErrorRule {
    fn fits(&self, status: u16, body: &Value) -> bool {
        self.status.is_none_or(|wanted| wanted == status) && self.when.is_none_or(|condition| holds(condition, body))
    }
}

fn holds(condition: &str, body: &Value) -> bool {
    let (path, wanted) = match condition.split_once('=') {
        Some((path, wanted)) => (path.trim(), Some(wanted.trim())),
        None => (condition.trim(), None),
    };
    let Some(found) = path::get(body, path) else { return false };
    match (wanted, found) {
        (Some(wanted), Value::String(text)) => wanted.trim_matches('"') == text,
        (Some(wanted), found) => serde_json::from_str::<Value>(wanted).is_ok_and(|wanted| wanted == *found),
        (None, found) => is_there(found),
    }
}

impl<E> Clone for Refusals<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Refusals<E> {}

impl<E> fmt::Debug for Refusals<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Refusals").field(&self.rules).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_condition_looks_at_one_place_of_the_body() {
        for (condition, body, expected) in [
            ("errors", json!({"errors": [{"message": "x"}]}), true),
            ("errors", json!({"errors": []}), false),
            ("errors", json!({"errors": null, "data": 1}), false),
            ("errors", json!({"data": {}}), false),
            ("errors", json!([1]), false),
            ("error", json!({"error": ""}), false),
            ("error", json!({"error": "x"}), true),
            ("error", json!({"error": {}}), false),
            ("error.code", json!({"error": {"code": 0}}), true),
            ("failed", json!({"failed": true}), true),
            ("failed", json!({"failed": false}), false),
            ("ok=false", json!({"ok": false}), true),
            ("ok = false", json!({"ok": false}), true),
            ("ok=false", json!({"ok": true}), false),
            ("ok=false", json!({"ok": "false"}), true),
            ("ok=false", json!({}), false),
            ("status=error", json!({"status": "error"}), true),
            ("status=\"error\"", json!({"status": "error"}), true),
            ("status=error", json!({"status": 1}), false),
            ("code=12", json!({"code": 12}), true),
            ("code=12", json!({"code": 13}), false),
        ] {
            assert_eq!(holds(condition, &body), expected, "{condition} {body}");
        }
    }

    #[test]
    fn a_rule_is_of_one_status_or_of_all() {
        let body = json!({"ok": false});
        for (status, when, expected) in [
            (None, None, true),
            (Some(422), None, true),
            (Some(404), None, false),
            (Some(422), Some("ok=false"), true),
            (Some(422), Some("ok=true"), false),
            (None, Some("ok=false"), true),
        ] {
            assert_eq!(ErrorRule { status, when }.fits(422, &body), expected, "{status:?} {when:?}");
        }
    }
}
