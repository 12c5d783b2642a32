//! Whether a failed call is tried again, and after how long.
//!
//! The entry's `retry` block says which statuses are worth it and where the upstream names the wait; without a named
//! wait it doubles from three seconds. A 2xx answer is never tried again, whatever its headers say.
//! Absent here: how often (the caller's), sleeping, and refreshing after a 401.

use crate::clock::Timestamp;
use crate::pattern::Pattern;
use http::HeaderMap;
use keyway_spec::Retry;
use keyway_spec::proxy::{RetryInBody, RetryStrategy};
use std::fmt;
use std::time::Duration;

/// The wait before the first further try when nobody names one; it doubles with each.
pub const FIRST_WAIT: Duration = Duration::from_secs(3);
/// The longest wait that is ever made. An upstream that asks for more is not asked again.
pub const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// The bound that callers use when nobody set another.
pub const DEFAULT_MAX_WAIT: Duration = Duration::from_secs(60);

/// How a try ended. Headers and body are the upstream's and not shown by `Debug`.
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
        /// Whether the request had left this process.
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

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Hand the answer (or the error) to the caller.
    Stop,
    /// Try again after this long.
    After(Duration),
    /// It would be worth another try, but must not be made: hand the answer over, and say why.
    GiveUp(GivenUp),
}

/// Why a further try was not made. A response that is handed over for such a reason has this among its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenUp {
    /// Why, for people.
    pub reason: &'static str,
    /// How long the wait before it would have been, if that was the reason. [`Duration::MAX`] where the upstream named
    /// a number that is no duration.
    pub wait: Option<Duration>,
}

/// Whether and when to try again.
///
/// `attempt` counts the tries made before this one, from 0. `retry_on` are the caller's further statuses.
/// `idempotent` says whether the request may reach the upstream twice (RFC 9110 section 9.2.2). A wait over `max_wait`
/// or [`LONGEST_WAIT`] is [`Decision::GiveUp`]: the caller gets the answer and can wait on its own.
pub fn decide(
    spec: &Retry,
    outcome: Outcome<'_>,
    attempt: u32,
    retry_on: &[u16],
    now: Timestamp,
    idempotent: bool,
    max_wait: Duration,
) -> Decision {
    let wait = match outcome {
        Outcome::Network { sent: true } if !idempotent => {
            return Decision::GiveUp(GivenUp {
                reason: "the request may have been carried out, and its method is not idempotent",
                wait: None,
            });
        }
        Outcome::Network { .. } => None,
        Outcome::Response { status, headers, body } => {
            if !is_retryable(spec, status, headers, retry_on) {
                return Decision::Stop;
            }
            header_wait(spec, headers, now).or_else(|| body_wait(spec.in_body?, body?, now))
        }
    };
    match wait.unwrap_or_else(|| backoff(attempt)) {
        wait if wait > LONGEST_WAIT => give_up("the upstream asks for a wait of more than ten minutes", wait),
        wait if wait > max_wait => give_up("the wait is longer than the call may still wait", wait),
        wait => Decision::After(wait),
    }
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
    by_status || retry_on.contains(&status) || spec.remaining.is_some_and(|name| header(headers, name) == Some("0"))
}

/// Three seconds, doubling, up to [`LONGEST_WAIT`].
fn backoff(attempt: u32) -> Duration {
    2_u32
        .checked_pow(attempt)
        .and_then(|factor| FIRST_WAIT.checked_mul(factor))
        .unwrap_or(LONGEST_WAIT)
        .min(LONGEST_WAIT)
}

/// The longest wait that the listed headers name.
fn header_wait(spec: &Retry, headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let (names, strategy) =
        if spec.at.is_empty() { (spec.after, RetryStrategy::After) } else { (spec.at, RetryStrategy::At) };
    names.iter().filter_map(|name| wait(header(headers, name)?, strategy, now)).max()
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

fn body_wait(rule: RetryInBody, body: &[u8], now: Timestamp) -> Option<Duration> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = rule.path.split('.').try_fold(&body, |value, key| value.get(key))?.as_str()?;
    // Some entries write the pattern as a JavaScript literal, `/.../`.
    let pattern = rule.pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).unwrap_or(rule.pattern);
    let found = Pattern::compile(pattern).ok()?.first_group(text).ok()??;
    wait(found, rule.strategy, now)
}

/// The wait that a text names. `at`: an instant in the future, in seconds or milliseconds since the epoch or as a
/// date. `after`: seconds, or a date as `Retry-After` allows (RFC 9110 section 10.2.3).
fn wait(text: &str, strategy: RetryStrategy, now: Timestamp) -> Option<Duration> {
    let text = text.trim();
    match (strategy, number(text)) {
        (RetryStrategy::After, Some(seconds)) => Some(seconds_to_wait(seconds)),
        (RetryStrategy::At, Some(instant)) => until(epoch_milliseconds(instant)?, now),
        (_, None) => until(date(text)?, now),
    }
}

/// A decimal number, or a hexadecimal one (`0x10`): both are read where the format comes from.
fn number(text: &str) -> Option<f64> {
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        return u32::from_str_radix(digits, 16).ok().filter(|_| plain).map(f64::from);
    }
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse::<f64>().ok().filter(|number| plain && number.is_finite())
}

/// Nothing to wait for where the number is negative; far too long where it is no duration.
fn seconds_to_wait(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

/// Numbers after 1971 in milliseconds are milliseconds, others seconds.
fn epoch_milliseconds(number: f64) -> Option<i64> {
    const YEAR_1971: f64 = 31_536_000_000.0;
    let milliseconds = if number > YEAR_1971 { number } else { number * 1000.0 };
    // Far over any date, so that the cast below is exact enough and cannot overflow.
    #[allow(clippy::cast_possible_truncation)] // checked on the line
    (milliseconds.abs() < 1e17).then_some(milliseconds as i64)
}

/// Milliseconds since the epoch of an HTTP-date (RFC 9110 section 5.6.7) or an RFC 3339 date.
fn date(text: &str) -> Option<i64> {
    if let Ok(instant) = httpdate::parse_http_date(text) {
        let since = instant.duration_since(std::time::UNIX_EPOCH).ok()?;
        return i64::try_from(since.as_millis()).ok();
    }
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// Whole seconds until an instant; `None` if it is past.
fn until(milliseconds: i64, now: Timestamp) -> Option<Duration> {
    let wait = u64::try_from(milliseconds.checked_sub(now.as_millisecond())?).ok()?;
    (wait > 0).then(|| Duration::from_secs(wait.div_ceil(1000)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::proxy::StatusRange;

    fn now() -> Timestamp {
        "2026-01-02T03:04:05Z".parse().unwrap()
    }

    #[track_caller]
    fn check(spec: &Retry, status: u16, header: Option<(&'static str, &str)>, body: &str, expected: Decision) {
        let mut headers = HeaderMap::new();
        if let Some((name, value)) = header {
            headers.insert(name, value.parse().unwrap());
        }
        let outcome = Outcome::Response { status, headers: &headers, body: Some(body.as_bytes()) };
        let decision = decide(spec, outcome, 0, &[418], now(), true, DEFAULT_MAX_WAIT);
        assert_eq!(decision, expected, "{status} {header:?} {body}");
    }

    const fn after(seconds: u64) -> Decision {
        Decision::After(Duration::from_secs(seconds))
    }

    #[test]
    fn statuses_decide() {
        const RANGES: &[StatusRange] = &[StatusRange { first: 403, last: 403 }, StatusRange { first: 500, last: 599 }];
        let own = Retry { error_code: RANGES, remaining: Some("x-left"), ..Retry::EMPTY };
        for (spec, status, expected) in [
            (Retry::EMPTY, 200, Decision::Stop),
            (Retry::EMPTY, 400, Decision::Stop),
            (Retry::EMPTY, 401, after(3)),
            (Retry::EMPTY, 418, after(3)),
            (Retry::EMPTY, 429, after(3)),
            (Retry::EMPTY, 503, after(3)),
            (own, 403, after(3)),
            (own, 429, Decision::Stop),
            (own, 507, after(3)),
        ] {
            check(&spec, status, None, "", expected);
        }
        check(&own, 404, Some(("x-left", "0")), "", after(3));
        check(&own, 200, Some(("x-left", "0")), "", Decision::Stop);
    }

    #[test]
    fn headers_name_the_wait() {
        let seconds = Retry { after: &["retry-after"], ..Retry::EMPTY };
        let instant = Retry { at: &["retry-after"], ..Retry::EMPTY };
        let too_long =
            |seconds| give_up("the upstream asks for a wait of more than ten minutes", Duration::from_secs(seconds));
        let over = |seconds| give_up("the wait is longer than the call may still wait", Duration::from_secs(seconds));
        for (spec, value, expected) in [
            (seconds, "30", after(30)),
            (seconds, "1.5", Decision::After(Duration::from_millis(1500))),
            (seconds, "-5", after(0)),
            (seconds, "0", after(0)),
            (seconds, " 7 ", after(7)),
            (seconds, "0x10", after(16)),
            (seconds, "0x+1", after(3)),
            (seconds, "60", after(60)),
            (seconds, "61", over(61)),
            (seconds, "600", over(600)),
            (seconds, "601", too_long(601)),
            (seconds, "1e300", give_up("the upstream asks for a wait of more than ten minutes", Duration::MAX)),
            (seconds, "", after(3)),
            (seconds, "NaN", after(3)),
            (seconds, "soon", after(3)),
            (seconds, "Fri, 02 Jan 2026 03:04:15 GMT", after(10)),
            (seconds, "Friday, 02-Jan-26 03:04:15 GMT", after(10)),
            (seconds, "Fri Jan  2 03:04:15 2026", after(10)),
            (seconds, "2026-01-02T03:04:15+00:00", after(10)),
            (seconds, "Fri, 02 Jan 2026 04:04:05 GMT", too_long(3600)),
            (instant, "30", after(3)),
            (instant, "1767323055.4", after(11)),
            (instant, "1767323044", after(3)),
            (instant, "1767323045", after(3)),
            (instant, "1767323105", after(60)),
            (instant, "1767323106", over(61)),
            (instant, "1767323054001", after(10)),
            (instant, "9999999999", too_long(8_232_676_954)),
            (instant, "1e300", after(3)),
            (instant, "2026-01-02T04:04:15+01:00", after(10)),
            (instant, "2026-01-02 03:04:15", after(3)),
            (instant, "Fri, 02 Jan 2026 03:04:15 GMT", after(10)),
            (instant, "1767323055", after(10)),
            (instant, "1767323055000", after(10)),
            (instant, "2026-01-02T03:04:15Z", after(10)),
            (instant, "Fri, 02 Jan 2026 03:00:00 GMT", after(3)),
        ] {
            check(&spec, 429, Some(("retry-after", value)), "", expected);
        }
    }

    #[test]
    fn a_body_names_the_wait_with_or_without_slashes() {
        for pattern in ["retry after (.+)", "/retry after (.+)/"] {
            let rule = RetryInBody { path: "error.message", pattern, strategy: RetryStrategy::At };
            let spec = Retry { in_body: Some(rule), ..Retry::EMPTY };
            let body = r#"{"error":{"message":"retry after 2026-01-02T03:04:15Z"}}"#;
            check(&spec, 429, None, body, after(10));
            check(&spec, 429, None, "not json", after(3));
        }
    }

    #[test]
    fn without_a_named_wait_it_doubles_up_to_ten_minutes() {
        let wait =
            |attempt| decide(&Retry::EMPTY, Outcome::Network { sent: false }, attempt, &[], now(), false, LONGEST_WAIT);
        assert_eq!([wait(0), wait(1), wait(2)], [after(3), after(6), after(12)]);
        assert_eq!([wait(8), wait(40), wait(u32::MAX)], [after(600), after(600), after(600)]);
    }

    #[test]
    fn what_may_have_been_carried_out_is_not_repeated() {
        let decide = |sent, idempotent| {
            decide(&Retry::EMPTY, Outcome::Network { sent }, 0, &[], now(), idempotent, DEFAULT_MAX_WAIT)
        };
        assert!(matches!(decide(true, false), Decision::GiveUp(GivenUp { wait: None, .. })));
        assert_eq!([decide(true, true), decide(false, false)], [after(3), after(3)]);
    }
}
