//! The wait that an answer names: by the headers and the body that the entry points at, by `Retry-After` (RFC 9110
//! section 10.2.3) and by `RateLimit` ([`super::rate_limit`]). Of several the longest holds.
//!
//! An instant is held against the upstream's own `Date`, where it sends one: its clock may be an hour off. The reset of
//! a quota that is not spent is no wait.

use super::rate_limit;
use crate::clock::Timestamp;
use crate::path;
use crate::pattern::Pattern;
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use keyway_spec::Retry;
use keyway_spec::proxy::{RetryInBody, RetryStrategy};
use std::time::Duration;

/// Numbers from here on are instants, whatever the field says: September 2001 in seconds, or thirty years of waiting.
const FIRST_INSTANT: f64 = 1e9;

/// The longest wait that an answer names.
pub(super) fn wait(spec: &Retry, headers: &HeaderMap, body: Option<&[u8]>, now: Timestamp) -> Option<Duration> {
    let now = upstreams(headers).unwrap_or(now);
    let declared = |names: &[&str], strategy| {
        let values = names.iter().flat_map(|name| headers.get_all(*name)).filter_map(|value| value.to_str().ok());
        values.filter_map(|value| read(value, strategy, now)).max()
    };
    let reset = declared(spec.at, RetryStrategy::At).filter(|_| left(spec, headers).is_none_or(|left| left <= 0.0));
    let named = [
        reset,
        declared(spec.after, RetryStrategy::After),
        standard(headers, now),
        rate_limit::wait(headers).map(|thousandths| relative(thousandths, now)),
        spec.in_body.zip(body).and_then(|(rule, body)| body_wait(rule, body, now)),
    ];
    named.into_iter().flatten().max()
}

/// The wait that `Retry-After` alone names.
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    standard(headers, upstreams(headers).unwrap_or(now))
}

/// The wait that `Retry-After` names, zero where it names an instant that is past; `None` where there is none that can
/// be read.
pub(crate) fn told(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let mut values = headers.get_all(RETRY_AFTER).iter().filter_map(|value| value.to_str().ok());
    retry_after(headers, now).or_else(|| values.any(|value| date(value.trim()).is_some()).then_some(Duration::ZERO))
}

/// What the entry's `remaining` header says is left of a quota.
fn left(spec: &Retry, headers: &HeaderMap) -> Option<f64> {
    number(headers.get(spec.remaining?)?.to_str().ok()?.trim())
}

/// Now, by the upstream's clock.
fn upstreams(headers: &HeaderMap) -> Option<Timestamp> {
    Timestamp::from_millisecond(date(headers.get(DATE)?.to_str().ok()?)?).ok()
}

fn standard(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let values = headers.get_all(RETRY_AFTER).iter().filter_map(|value| value.to_str().ok());
    let waits = values.filter_map(|value| match number(value.trim()) {
        Some(number) if number < 0.0 => None,
        Some(number) if number >= FIRST_INSTANT => until(epoch_milliseconds(number)?, now),
        Some(number) => Some(seconds_to_wait(number)),
        None => until(date(value.trim())?, now),
    });
    waits.max()
}

/// Thousandths of seconds from now, or of an instant where the number is too large for that.
fn relative(thousandths: i64, now: Timestamp) -> Duration {
    const FIRST_INSTANT: i64 = 1_000_000_000_000;
    /// Of an instant in milliseconds, which some send.
    const FIRST_IN_MILLISECONDS: i64 = 100_000_000_000_000;
    if thousandths >= FIRST_INSTANT {
        let milliseconds = if thousandths >= FIRST_IN_MILLISECONDS { thousandths / 1000 } else { thousandths };
        return until(milliseconds, now).unwrap_or_default();
    }
    Duration::from_millis(u64::try_from(thousandths).unwrap_or_default())
}

fn body_wait(rule: RetryInBody, body: &[u8], now: Timestamp) -> Option<Duration> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = path::at(&body, rule.path)?.as_str()?;
    // Some entries write the pattern as a JavaScript literal, `/.../`.
    let pattern = rule.pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).unwrap_or(rule.pattern);
    let found = Pattern::compile(pattern).ok()?.first_group(text).ok()??;
    read(&found, rule.strategy, now)
}

/// The wait that a text names. `at`: an instant in the future, in seconds or milliseconds since the epoch or as a
/// date. `after`: seconds, or a date as `Retry-After` allows (RFC 9110 section 10.2.3).
fn read(text: &str, strategy: RetryStrategy, now: Timestamp) -> Option<Duration> {
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

/// Nothing to wait for where the number is negative; far too long where it is not a duration.
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
