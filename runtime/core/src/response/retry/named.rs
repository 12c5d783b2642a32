//! The wait that an answer names: by the headers and the body that the entry points at, by `Retry-After` (RFC 9110
//! section 10.2.3), by `RateLimit` ([`super::rate_limit`]) and by the rate limits of the entry ([`super::limits`]).
//!
//! Of several the longest holds, with one exception: where `Retry-After` names a wait, the reset of a quota says
//! nothing. It is about this call, while a quota may be one of a day that has nothing to do with the refusal; the
//! drafts of `RateLimit` say so too.
//!
//! An instant is held against the upstream's own `Date`, where it sends one: its clock may be an hour off. The reset of
//! a quota that is not spent is no wait.

use super::limits::text;
use super::read::{read, until};
use super::{limits, rate_limit};
use crate::clock::Timestamp;
use crate::pattern::Pattern;
use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};
use keyway_format::instant::{self, Use, Wait};
use keyway_format::path;
use keyway_format::regex_literal::without_slashes;
use keyway_spec::Retry;
use keyway_spec::proxy::{RetryInBody, WaitUnit};
use std::time::Duration;

/// The wait that an answer names.
pub(super) fn wait(spec: &Retry, headers: &HeaderMap, body: Option<&[u8]>, now: Timestamp) -> Option<Duration> {
    let now = upstreams(headers).unwrap_or(now);
    // A header that says when a rate limit is full again says so of that limit alone.
    let is_of_limit =
        |name: &str| spec.limits.iter().any(|limit| limit.reset.is_some_and(|reset| reset.header == name));
    let declared = |names: &[&'static str], unit, is_standard: bool| {
        let names = names.iter().filter(|name| !is_of_limit(name) && (RETRY_AFTER == **name) == is_standard);
        let values = names.flat_map(|name| headers.get_all(*name));
        // The unit of `Retry-After` is the standard's.
        let unit = match unit {
            WaitUnit::Milliseconds | WaitUnit::Minutes | WaitUnit::Duration if is_standard => WaitUnit::Seconds,
            unit => unit,
        };
        values.filter_map(|value| read(value.to_str().ok()?, unit, now)).max()
    };
    let is_spent = left(spec, headers).is_none_or(|left| left <= 0.0);
    let of_call = [
        standard(headers, now),
        declared(spec.after, spec.after_unit, true),
        declared(spec.at, spec.at_unit, true).filter(|_| is_spent),
    ];
    let of_call = of_call.into_iter().flatten().max();
    let of_quota = || {
        let of_fields = || rate_limit::wait(headers).map(|seconds| numbered(seconds, now).unwrap_or_default());
        let reset = declared(spec.at, spec.at_unit, false).filter(|_| is_spent);
        [reset, limits::wait(spec.limits, headers, now), of_fields()].into_iter().flatten().max()
    };
    let named = [
        of_call,
        // A zero says that the call may be made again, not that the quota is full.
        if of_call.is_some_and(|wait| !wait.is_zero()) { None } else { of_quota() },
        declared(spec.after, spec.after_unit, false),
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
    retry_after(headers, now)
        .or_else(|| values.any(|value| instant::date(value.trim()).is_some()).then_some(Duration::ZERO))
}

/// The rest of a quota, from the entry's `remaining` header.
fn left(spec: &Retry, headers: &HeaderMap) -> Option<f64> {
    instant::number(headers.get(spec.remaining?)?.to_str().ok()?, Use::Wait)
}

/// Now, by the upstream's clock.
fn upstreams(headers: &HeaderMap) -> Option<Timestamp> {
    Timestamp::from_millisecond(instant::date(headers.get(DATE)?.to_str().ok()?)?).ok()
}

fn standard(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let values = headers.get_all(RETRY_AFTER).iter().filter_map(|value| value.to_str().ok());
    let waits = values.filter_map(|value| match instant::number(value, Use::Wait) {
        Some(number) => numbered(number, now),
        None => until(instant::date(value.trim())?, now),
    });
    waits.max()
}

/// The wait that a number names in a standard field.
fn numbered(seconds: f64, now: Timestamp) -> Option<Duration> {
    match instant::of_wait(seconds)? {
        Wait::For(wait) => Some(wait),
        Wait::Until(milliseconds) => until(milliseconds, now),
    }
}

fn body_wait(rule: RetryInBody, body: &[u8], now: Timestamp) -> Option<Duration> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let text = text(path::get(&body, rule.path)?)?;
    let found = Pattern::compile(without_slashes(rule.pattern)).ok()?.first_group(&text).ok()??;
    read(&found, rule.unit, now)
}
