//! Whether a failed call is tried again, and after how long.
//!
//! The entry's `retry` block says which statuses are worth it, and with the standard fields where the upstream names
//! the wait ([`named`]); without a named wait it is the entry's fixed one, or doubles from three seconds. A 2xx answer
//! is never tried again, whatever its headers say; one whose body tells an error ([`super::errors`]) comes here with
//! the status that it counts as.
//!
//! One rule says what may be sent twice: what was not processed (nothing was sent, or the upstream refused with a 4xx
//! status, or with 503 and `Retry-After`) always; what may have been carried out (another 5xx status, a connection that
//! broke, no answer in time) only where repeating is safe ([`is_repeatable`]).
//!
//! The caller says how often; refreshing after a 401 is the ordered call's.

mod limits;
mod named;
mod rate_limit;
mod read;

pub(crate) use named::told;

use crate::clock::Timestamp;
use http::{Extensions, HeaderMap, Method};
use keyway_spec::Retry;
use std::fmt;
use std::time::Duration;

/// The wait before the first retry if none is named; it doubles with each.
pub const FIRST_WAIT: Duration = Duration::from_secs(3);
/// The longest wait. If an upstream asks for a longer one, the call is not retried.
pub const MAX_WAIT: Duration = Duration::from_secs(600);
/// The default bound.
pub const DEFAULT_MAX_WAIT: Duration = Duration::from_secs(60);

/// The outcome of a try. Headers and body are the upstream's and not shown by `Debug`.
#[derive(Clone, Copy)]
pub enum Outcome<'a> {
    /// There is an answer.
    Response {
        /// Its status.
        status: u16,
        /// Its headers.
        headers: &'a HeaderMap,
        /// Its body, if it has been read.
        body: Option<&'a [u8]>,
    },
    /// There is none.
    Network {
        /// True if the request had left this process.
        sent: bool,
    },
}

impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Response { status, .. } => write!(f, "Response({status})"),
            Outcome::Network { sent } => write!(f, "Network {{ sent: {sent} }}"),
        }
    }
}

/// The next action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Return the answer (or the error) to the caller.
    Stop,
    /// Try again after this long.
    After(Duration),
    /// Another attempt would be worthwhile but must not be made: return the answer with the reason.
    GiveUp(GivenUp),
}

/// Why a further try was not made. A response that is no success, or counts as none by its body, and whose upstream
/// asks for a wait or which was worth another try, has this among its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GivenUp {
    /// Why, for people.
    pub reason: &'static str,
    /// The wait before the next call: the wait that was too long to be made, else the one that the upstream
    /// asks for. [`Duration::MAX`] where it names a number that is no duration.
    pub wait: Option<Duration>,
}

impl GivenUp {
    /// A reason, and the wait before the next call, if one is known.
    pub const fn new(reason: &'static str, wait: Option<Duration>) -> GivenUp {
        GivenUp { reason, wait }
    }
}

/// The wait before the next call that a response's extensions tell.
pub fn wait_of(extensions: &Extensions) -> Option<Duration> {
    extensions.get::<GivenUp>().and_then(|given_up| given_up.wait)
}

/// True if a request may reach the upstream twice: its method is idempotent (RFC 9110 section 9.2.2, and the registry
/// of section 16.1), or it carries an idempotency key, or its caller asked for tries of this very call.
pub fn is_repeatable<'h>(method: &Method, headers: impl IntoIterator<Item = &'h str>, asked_for: bool) -> bool {
    const IDEMPOTENT: [&str; 11] = [
        "COPY",
        "MKCALENDAR",
        "MKCOL",
        "MOVE",
        "ORDERPATCH",
        "PROPFIND",
        "PROPPATCH",
        "QUERY",
        "REPORT",
        "SEARCH",
        "UNLOCK",
    ];
    const KEYS: [&str; 2] = ["idempotency-key", "x-idempotency-key"];
    let has_key = || headers.into_iter().any(|name| KEYS.iter().any(|key| key.eq_ignore_ascii_case(name)));
    asked_for || method.is_idempotent() || IDEMPOTENT.contains(&method.as_str()) || has_key()
}

/// Decides whether and when to retry.
///
/// `attempt` counts the tries made before this one, from 0. `retry_on` are the caller's further statuses.
/// `repeatable` says whether the request may reach the upstream twice ([`is_repeatable`]). A wait over `max_wait`
/// or [`MAX_WAIT`] is [`Decision::GiveUp`]: the caller gets the answer and can wait on its own.
pub fn decide(
    spec: &Retry,
    outcome: Outcome<'_>,
    attempt: u32,
    retry_on: &[u16],
    now: Timestamp,
    repeatable: bool,
    max_wait: Duration,
) -> Decision {
    let (wait, processed) = match outcome {
        Outcome::Network { sent } => (None, sent),
        Outcome::Response { status, headers, body } => {
            if !is_retryable(spec, status, headers, retry_on) {
                return Decision::Stop;
            }
            let refused = status < 500 || (status == 503 && headers.contains_key(http::header::RETRY_AFTER));
            (wait(spec, status, headers, body, now), !refused)
        }
    };
    if processed && !repeatable {
        return Decision::GiveUp(GivenUp {
            reason: "the request may have been carried out, and nothing says that it may be sent twice",
            wait: None,
        });
    }
    match wait.unwrap_or_else(|| backoff(attempt)) {
        wait if wait > MAX_WAIT => give_up("the upstream asks for a wait of more than ten minutes", wait),
        wait if wait > max_wait => give_up("the wait is longer than the call may still wait", wait),
        wait => Decision::After(wait),
    }
}

/// The wait that the upstream asks for with an answer: of one that is worth another try by any rule, what decides about
/// that; of another error, `Retry-After` alone.
pub fn requested_wait(
    spec: &Retry,
    status: u16,
    headers: &HeaderMap,
    body: Option<&[u8]>,
    retry_on: &[u16],
    now: Timestamp,
) -> Option<Duration> {
    if status < 400 {
        return None;
    }
    if matches!(status, 429 | 503) || is_retryable(spec, status, headers, retry_on) {
        return wait(spec, status, headers, body, now);
    }
    named::retry_after(headers, now)
}

/// The wait that an answer names, else the fixed one of the entry where it is about a rate limit.
fn wait(spec: &Retry, status: u16, headers: &HeaderMap, body: Option<&[u8]>, now: Timestamp) -> Option<Duration> {
    // A range such as `5xx` is about failures of the upstream too, and 401 about the credential.
    let is_listed = || spec.error_code.iter().any(|range| range.first == status && range.last == status);
    let is_of_limit = || status == 429 || (status != 401 && is_listed()) || is_over_limit(spec, status, headers);
    let fixed = || spec.wait.filter(|_| is_of_limit()).map(|seconds| Duration::from_secs(seconds.into()));
    named::wait(spec, headers, body, now).or_else(fixed)
}

/// True if an answer of this status refuses a call because a rate limit is spent.
fn is_over_limit(spec: &Retry, status: u16, headers: &HeaderMap) -> bool {
    matches!(status, 403 | 429) && limits::any_spent(spec.limits, headers)
}

const fn give_up(reason: &'static str, wait: Duration) -> Decision {
    Decision::GiveUp(GivenUp { reason, wait: Some(wait) })
}

fn is_retryable(spec: &Retry, status: u16, headers: &HeaderMap, retry_on: &[u16]) -> bool {
    if (200..300).contains(&status) {
        return false;
    }
    let by_status = if spec.error_code.is_empty() {
        status >= 500 || status == 429 || status == 401
    } else {
        spec.error_code.iter().any(|range| (range.first..=range.last).contains(&status))
    };
    // Some answer 403 to too many requests, and say with `Retry-After` that it is not a refusal for good.
    let later = status == 403 && headers.contains_key(http::header::RETRY_AFTER);
    by_status
        || later
        || is_over_limit(spec, status, headers)
        || retry_on.contains(&status)
        || spec.remaining.is_some_and(|name| headers.get(name).is_some_and(|left| left == "0"))
}

/// Three seconds, doubling, up to [`MAX_WAIT`].
fn backoff(attempt: u32) -> Duration {
    2_u32.checked_pow(attempt).and_then(|factor| FIRST_WAIT.checked_mul(factor)).unwrap_or(MAX_WAIT).min(MAX_WAIT)
}

#[cfg(test)]
mod tests;
