//! A spent quota, told as the entry says the vendor tells it.

use crate::check::{Checks, RefusalKind};
use crate::{answer, path};
use bytes::Bytes;
use http::Response;
use keyway_spec::Retry;
use keyway_spec::proxy::{RetryInBody, RetryStrategy};
use serde_json::json;

/// Seconds to wait, where the driver says nothing.
pub(crate) const WAIT: i64 = 7;

/// The wait that callers were told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SpentQuota {
    /// The instant before which no call is answered, in milliseconds.
    pub(crate) until: Option<i64>,
    /// True once a caller waited.
    pub(crate) waited: bool,
}

impl SpentQuota {
    /// True if a call is answered with the limit.
    pub(crate) fn holds(self, now: i64) -> bool {
        !self.waited && self.until.is_none_or(|until| now < until)
    }
}

/// Checks that a caller came back when it was told to.
pub(crate) fn examine(checks: &mut Checks, limits: SpentQuota, now: i64) {
    if let Some(until) = limits.until.filter(|_| !limits.waited) {
        let expected = "no earlier than told";
        let early = until.saturating_sub(now);
        let got = if early > 0 { format!("{early} ms early") } else { format!("{} ms later", early.unsigned_abs()) };
        checks.note(early <= 0, RefusalKind::Status(429), "the wait", expected, got);
    }
}

/// The answer that tells a wait, in every way that the entry names.
pub(crate) fn limited(retry: &Retry, seconds: i64, now: i64) -> (Response<Bytes>, i64) {
    // An instant in whole seconds is told late rather than early.
    let until = (now.saturating_add(seconds.saturating_mul(1000)).saturating_add(999) / 1000).saturating_mul(1000);
    let wait = (until.saturating_sub(now).saturating_add(999) / 1000).to_string();
    let mut body = json!({"error": {"message": "the quota is spent"}});
    if let Some(rule) = &retry.in_body {
        let value = match rule.strategy {
            RetryStrategy::At => crate::instant::iso(until),
            RetryStrategy::After => wait.clone(),
        };
        path::set(&mut body, rule.path, text_for(rule, &value).into());
    }
    let mut answer = answer::json(status(retry), &body);
    for name in retry.after {
        answer = answer::with_header(answer, name, &wait);
    }
    for name in retry.at {
        answer = answer::with_header(answer, name, &(until / 1000).to_string());
    }
    if let Some(name) = retry.remaining {
        answer = answer::with_header(answer, name, "0");
    }
    if retry.after.is_empty() && retry.at.is_empty() && retry.in_body.is_none() {
        answer = answer::with_header(answer, "retry-after", &wait);
    }
    (answer, until)
}

/// The status of a spent quota: 429 where it is retried, else the first that is.
fn status(retry: &Retry) -> u16 {
    let is_listed = |status: u16| retry.error_code.iter().any(|range| range.first <= status && status <= range.last);
    if retry.error_code.is_empty() || is_listed(429) {
        return 429;
    }
    [403, 503, 502, 500]
        .into_iter()
        .find(|status| is_listed(*status))
        .unwrap_or_else(|| retry.error_code.first().map_or(429, |range| range.first))
}

/// A text that the pattern of an entry finds the value in: its literal characters, with the value for the group.
fn text_for(rule: &RetryInBody, value: &str) -> String {
    let (mut text, mut characters, mut depth) = (String::new(), rule.pattern.chars().peekable(), 0_u32);
    while let Some(character) = characters.next() {
        match character {
            '(' => {
                if depth == 0 {
                    text.push_str(value);
                }
                depth += 1;
            }
            ')' => depth = depth.saturating_sub(1),
            '\\' => {
                let escaped = match characters.next() {
                    Some('d') => '1',
                    Some('s') => ' ',
                    Some('w') => 'a',
                    Some(other) => other,
                    None => break,
                };
                if depth == 0 {
                    text.push(escaped);
                }
            }
            '+' | '?' | '*' | '^' | '$' => {}
            '.' if depth == 0 => text.push('.'),
            other if depth == 0 => text.push(other),
            _ => {}
        }
    }
    text
}
