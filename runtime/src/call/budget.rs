//! How often and how long a call may still be tried again.
//!
//! Whether a try is worth another one is decided in [`crate::response::retry`]; this is what one call has left of it.

use crate::clock::Timestamp;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::request::{Call, CallBody};
use crate::response::errors;
use crate::response::retry::{self, Decision, GivenUp, Outcome};
use crate::send::{self, Answered, Beginning};
use keyway_spec::{ProviderSpec, Retry};
use std::ops::ControlFlow;
use std::time::Duration;
use tokio::time::Instant;

/// How much of an error's body is read to find a wait in it: about 1 MiB. A longer one goes on to the caller whole.
const MAX_ERROR_BODY: usize = 1 << 20;

/// The longest time that reading ahead takes: an answer whose body is slower, such as a stream that has nothing to say
/// yet, goes on to the caller as what its status says.
const READ_AHEAD_TIMEOUT: Duration = Duration::from_secs(5);

/// The time before the end of a call that has to be left for handing on an answer.
const HAND_ON_TIME: Duration = Duration::from_millis(50);

/// The reason of an answer whose upstream asks for a wait, where no further try is made by the rules or by the call's
/// number.
const NO_TRY_LEFT: &str = "no further try is made of this answer";

/// What a call may still wait and try.
pub(super) struct RetryBudget {
    left: Duration,
    attempt: u32,
    tries: u32,
    /// The instant by which an answer is handed on; `None` for a stream, whose time begins again with each piece.
    until: Option<Instant>,
}

/// What follows from the outcome of a try: the caller gets this answer, with the reason where another try was wanted;
/// or another try is made after this wait.
pub(super) type Next = ControlFlow<(Answered, Option<GivenUp>), Duration>;

impl RetryBudget {
    /// The budget of a call: a stream can be sent once.
    pub(super) fn of(engine: &Engine, call: &Call) -> RetryBudget {
        let tries = match call.body {
            CallBody::Stream => 0,
            _ if call.retries > 0 => call.retries,
            _ => call.safe_retries.unwrap_or(engine.retries),
        };
        let limit = call.timeout.unwrap_or(engine.call_timeout).saturating_sub(HAND_ON_TIME);
        let until = Instant::now().checked_add(limit).filter(|_| !matches!(call.body, CallBody::Stream));
        RetryBudget { left: engine.max_wait, attempt: 0, tries, until }
    }

    /// An answer, and the beginning of its body, which it still gives.
    pub(super) async fn peeked(
        &self,
        spec: &ProviderSpec,
        call: &Call,
        answered: Answered,
        limit: usize,
    ) -> Result<(Answered, Beginning)> {
        let longest = Instant::now() + READ_AHEAD_TIMEOUT;
        let until = self.until.map_or(longest, |until| until.min(longest));
        let (response, beginning) = send::beginning(spec, &call.method, answered.response, limit, until).await?;
        Ok((Answered { response, ..answered }, beginning))
    }

    /// What follows from the outcome of a try, and from the beginning of its body where that was read.
    pub(super) fn after(
        &mut self,
        spec: &ProviderSpec,
        call: &Call,
        now: Timestamp,
        outcome: Result<Answered>,
        beginning: Option<&Beginning>,
    ) -> Result<Next> {
        let rules = rules(spec);
        let body = beginning.map(|beginning| &*beginning.text);
        let counts_as = beginning.and_then(|beginning| beginning.counts_as);
        let asked = outcome.as_ref().ok().and_then(|Answered { response, .. }| {
            let (status, headers) = (counts_as.unwrap_or(response.status().as_u16()), response.headers());
            retry::requested_wait(rules, status, headers, body, &call.retry_on, now)
        });
        let decision = match seen(&outcome, counts_as, body) {
            Some(seen) if self.attempt < self.tries => {
                let names = call.headers.iter().map(|(name, _)| name.as_str());
                let repeatable = retry::is_repeatable(&call.method, names, call.retries > 0 || call.repeatable);
                let decide =
                    |outcome| retry::decide(rules, outcome, self.attempt, &call.retry_on, now, repeatable, self.left);
                match decide(seen) {
                    // What its body would have said is not known: it is as good as no answer.
                    Decision::Stop if beginning.is_some_and(|beginning| beginning.is_broken) => {
                        decide(Outcome::Network { sent: true })
                    }
                    decision => decision,
                }
            }
            _ => Decision::Stop,
        };
        let given_up = match decision {
            Decision::After(wait) => {
                self.attempt += 1;
                self.left = self.left.saturating_sub(wait);
                return Ok(Next::Continue(wait));
            }
            Decision::GiveUp(given_up) => Some(GivenUp::new(given_up.reason, given_up.wait.or(asked))),
            Decision::Stop => asked.map(|wait| GivenUp::new(NO_TRY_LEFT, Some(wait))),
        };
        outcome.map(|answered| Next::Break((answered, given_up)))
    }
}

/// An outcome as the policy reads it; `None` for an error that another try would meet again.
fn seen<'a>(outcome: &'a Result<Answered>, counts_as: Option<u16>, body: Option<&'a [u8]>) -> Option<Outcome<'a>> {
    match outcome {
        Ok(Answered { response, .. }) => {
            let status = counts_as.unwrap_or(response.status().as_u16());
            Some(Outcome::Response { status, headers: response.headers(), body })
        }
        Err(error) => is_of_network(error).then(|| Outcome::Network { sent: error.evidence().sent != Some(false) }),
    }
}

fn is_of_network(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Unreachable | ErrorKind::UnreadableResponse | ErrorKind::Timeout)
}

fn rules(spec: &ProviderSpec) -> &Retry {
    spec.proxy.as_ref().map_or(&Retry::EMPTY, |proxy| &proxy.retry)
}

/// The bytes of an answer's body that are read before the answer is judged: because it may tell that it is an error, or
/// how long to wait.
pub(super) fn read_ahead(spec: &ProviderSpec, outcome: &Result<Answered>) -> Option<usize> {
    let response = &outcome.as_ref().ok()?.response;
    if rules(spec).in_body.is_some() && !response.status().is_success() {
        return Some(MAX_ERROR_BODY);
    }
    send::may_tell_error(spec, response).then_some(errors::MAX_BODY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::egress::{Egress, EgressPolicy};
    use crate::transport::{Body, Response};
    use http::Method;

    fn answered(status: u16, retry_after: Option<&str>) -> Answered {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status.try_into().unwrap();
        if let Some(wait) = retry_after {
            response.headers_mut().insert("retry-after", wait.parse().unwrap());
        }
        let egress = Egress::within(EgressPolicy::default(), Vec::new());
        Answered { response, plan: None, moved_to: None, egress: egress.into() }
    }

    #[test]
    fn an_answer_says_its_wait_whether_or_not_another_try_was_wanted() {
        let seconds = Duration::from_secs;
        for (method, tries, status, retry_after, expected) in [
            (Method::GET, 2, 429, Some("7"), Ok(seconds(7))),
            (Method::GET, 2, 429, Some("61"), Err(Some(Some(seconds(61))))),
            (Method::GET, 0, 429, Some("7"), Err(Some(Some(seconds(7))))),
            (Method::GET, 2, 404, Some("9"), Err(Some(Some(seconds(9))))),
            (Method::GET, 2, 404, None, Err(None)),
            (Method::GET, 0, 503, None, Err(None)),
            (Method::GET, 2, 200, Some("9"), Err(None)),
            (Method::POST, 2, 502, Some("9"), Err(Some(Some(seconds(9))))),
            (Method::POST, 2, 502, None, Err(Some(None))),
        ] {
            let mut budget = RetryBudget { left: seconds(60), attempt: 0, tries, until: None };
            let call = Call::default().method(method.clone());
            let outcome = Ok(answered(status, retry_after));
            let next = budget.after(&ProviderSpec::EMPTY, &call, Timestamp::UNIX_EPOCH, outcome, None).unwrap();
            let told = match next {
                Next::Continue(wait) => Ok(wait),
                Next::Break((_, given_up)) => Err(given_up.map(|given_up| given_up.wait)),
            };
            assert_eq!(told, expected, "{method} {status} {retry_after:?}, {tries} tries");
        }
    }

    #[test]
    fn waits_are_taken_off_what_is_left_and_tries_are_counted() {
        let mut budget = RetryBudget { left: Duration::from_secs(10), attempt: 0, tries: 5, until: None };
        let mut waits = Vec::new();
        while let Next::Continue(wait) = budget
            .after(&ProviderSpec::EMPTY, &Call::default(), Timestamp::UNIX_EPOCH, Ok(answered(503, Some("4"))), None)
            .unwrap()
        {
            waits.push(wait.as_secs());
        }
        assert_eq!((waits, budget.attempt, budget.left), (vec![4, 4], 2, Duration::from_secs(2)));
    }
}
