//! Writing a long exchange down in the order in which it happens.
//!
//! A mode is a function of the answers so far; where each request depends on the answers before it, asking again and
//! again reads badly. A [`Replay`] hands out the answers that are there and stops at the first request that has none.

use super::exchange::{Answer, Step};
use super::token_request::TokenRequest;
use crate::error::{Error, Result};

/// The answers that have not been read yet.
pub(super) struct Replay<'a>(std::slice::Iter<'a, Answer>);

/// Why an exchange goes no further for now.
pub(super) enum Stop {
    /// This has to be answered first.
    Send(Box<TokenRequest>),
    /// It cannot go on.
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Failed(error)
    }
}

impl<'a> Replay<'a> {
    /// Runs an exchange against the answers so far.
    pub(super) fn run<T>(
        answers: &'a [Answer],
        exchange: impl FnOnce(&mut Replay<'a>) -> Result<T, Stop>,
    ) -> Result<Step<T>> {
        match exchange(&mut Replay(answers.iter())) {
            Ok(outcome) => Ok(Step::Done(outcome)),
            Err(Stop::Send(request)) => Ok(Step::Send(request)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    /// The answer to a request.
    pub(super) fn answer(&mut self, request: TokenRequest) -> Result<&'a Answer, Stop> {
        self.0.next().ok_or_else(|| Stop::Send(Box::new(request)))
    }
}
