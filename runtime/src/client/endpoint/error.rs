//! The error of an endpoint whose refusals have a shape.
//!
//! The body is read from the masked text, so the error holds no secret. The body is read from the masked text.

use crate::client::answer::Refusal;
use crate::error::Error;
use serde::de::DeserializeOwned;
use std::fmt;

/// Why a call of an endpoint with `#[error(E)]` failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallError<E> {
    /// The upstream refused the call, and its answer reads as `E`.
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

/// A refusal with its body as `E`, where it reads as one.
pub(super) fn typed<E: DeserializeOwned>(refusal: Refusal) -> CallError<E> {
    let Refusal { error, body } = refusal;
    match serde_json::from_str(&body) {
        Ok(body) => CallError::Refused { body, error },
        Err(_) => CallError::Other(error),
    }
}
