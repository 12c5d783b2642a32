//! Driving an exchange: send what the mode asks for, until it says what was granted.
//!
//! Bounded in requests, time and size. One request and its answer stand in [`request`], what the purpose of a request
//! adds to that in [`purpose`]. Nothing is tried again here.

mod purpose;
mod request;

use crate::account::Account;
use crate::auth::exchange::{Answer, MAX_DISCOVERY_REQUESTS, Step};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result, Stage};
use purpose::answered;
use std::time::Duration;
use tokio::time::Instant;

/// The time limits of an exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// For one request and its answer.
    pub(crate) request: Duration,
    /// For all of them.
    pub(crate) whole: Duration,
}

/// The time of one request of an exchange.
#[derive(Clone, Copy, Debug)]
struct RequestTime {
    /// The longest that it may take with its answer.
    timeout: Duration,
    /// From this instant on the exchange is over, and sends nothing.
    end: Instant,
}

/// The limits where nothing that is good once is at stake.
pub(crate) const LIMITS: Limits = Limits { request: Duration::from_secs(30), whole: Duration::from_secs(60) };

/// Runs an exchange to its outcome. `step` gives the next request, or the outcome, for the answers so far.
pub(crate) async fn exchange<T>(
    engine: &Engine,
    account: &Account,
    step: impl Fn(&[Answer]) -> Result<Step<T>>,
) -> Result<T> {
    exchange_within(engine, account, LIMITS, step).await
}

/// The same within other limits.
pub(crate) async fn exchange_within<T>(
    engine: &Engine,
    account: &Account,
    limits: Limits,
    step: impl Fn(&[Answer]) -> Result<Step<T>>,
) -> Result<T> {
    let provider = account.spec.key;
    let time = RequestTime { timeout: limits.request, end: Instant::now() + limits.whole };
    let run = async {
        let mut answers = Vec::new();
        for _ in 0..=MAX_DISCOVERY_REQUESTS {
            match step(&answers)? {
                Step::Done(outcome) => return Ok(outcome),
                Step::Send(request) => {
                    let optional = request.optional;
                    let outcome = answered(engine, account, time, *request).await;
                    answers.push(match outcome {
                        Err(error) if optional => {
                            tracing::warn!(provider, %error, "went on without an optional request");
                            Answer::none(engine.clock.now())
                        }
                        // An earlier request was sent, and may have redeemed something.
                        Err(error) if !answers.is_empty() => return Err(error.sent(true)),
                        outcome => outcome?,
                    });
                }
            }
        }
        Err(Error::new(ErrorKind::Internal, format!("signing in took more than {MAX_DISCOVERY_REQUESTS} requests"))
            .sent(true))
    };
    let outcome = tokio::time::timeout(limits.whole, run).await;
    let outcome = outcome.unwrap_or_else(|_| {
        let message = format!("signing in took more than {} seconds", limits.whole.as_secs_f32());
        Err(Error::new(ErrorKind::Timeout, message).stage(Stage::Token).sent(true))
    });
    outcome.map_err(|error| {
        let error = error.provider(provider);
        if error.evidence().sent == Some(true) {
            let (code, stage) = (error.kind().code(), error.evidence().stage.map(Stage::as_str));
            let integration = &account.integration().key;
            tracing::warn!(provider, integration, code, stage, %error, "an exchange failed");
        }
        error
    })
}
