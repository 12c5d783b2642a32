//! A spent quota, told as the entry says the vendor tells it.

use crate::check::{Checks, RefusalKind};
use crate::{answer, errors, path, sentence};
use bytes::Bytes;
use http::Response;
use keyway_spec::proxy::{RateLimit, RateLimitUsage, WaitUnit};
use keyway_spec::{Proxy, Retry};
use serde_json::{Value, json};

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
pub(crate) fn limited(proxy: &Proxy, seconds: i64, now: i64) -> (Response<Bytes>, i64) {
    let retry = &proxy.retry;
    // An instant in whole seconds is told late rather than early.
    let until = (now.saturating_add(seconds.saturating_mul(1000)).saturating_add(999) / 1000).saturating_mul(1000);
    let wait = (until.saturating_sub(now).saturating_add(999) / 1000).max(1);
    // A fixed wait is the vendor's only word: it says nothing.
    let named = !retry.after.is_empty() || !retry.at.is_empty() || retry.in_body.is_some() || !retry.limits.is_empty();
    if let (Some(fixed), false) = (retry.wait, named) {
        let until = now.saturating_add(i64::from(fixed).saturating_mul(1000));
        return (refusal(proxy, &mut json!({"error": {"message": "the quota is spent"}})), until);
    }
    // In a coarser unit it is longer.
    let minutes = |wait: i64| wait.saturating_add(59) / 60;
    let units = retry.after.iter().map(|_| retry.after_unit).chain(retry.in_body.map(|rule| rule.unit));
    let resets = retry.limits.iter().filter_map(|limit| limit.reset.map(|reset| reset.unit));
    let is_coarse = units.chain(resets).any(|unit| unit == WaitUnit::Minutes);
    let fixed = retry.limits.iter().filter_map(|limit| limit.wait.filter(|_| limit.reset.is_none())).max();
    let wait = if is_coarse { minutes(wait) * 60 } else { wait }.max(fixed.map_or(0, i64::from));
    let until = until.max(now.saturating_add(wait.saturating_mul(1000)).saturating_add(999) / 1000 * 1000);
    let told = |unit: WaitUnit| match unit {
        WaitUnit::Seconds => wait.to_string(),
        WaitUnit::Milliseconds => wait.saturating_mul(1000).to_string(),
        WaitUnit::Minutes => minutes(wait).to_string(),
        WaitUnit::Duration => format!("{}m{}s", wait / 60, wait % 60),
        WaitUnit::Until | WaitUnit::UntilSeconds => (until / 1000).to_string(),
        WaitUnit::UntilMilliseconds => until.to_string(),
    };
    let mut body = json!({"error": {"message": "the quota is spent"}});
    if let Some(rule) = &retry.in_body {
        let value = match rule.unit {
            WaitUnit::Until => crate::instant::iso(until),
            unit => told(unit),
        };
        path::set(&mut body, rule.path, sentence::with(rule.pattern, &value).into());
    }
    let mut answer = refusal(proxy, &mut body);
    for name in retry.after {
        // Its unit is the standard's.
        let unit = if *name == "retry-after" { WaitUnit::Seconds } else { retry.after_unit };
        answer = answer::with_header(answer, name, &told(unit));
    }
    for name in retry.at {
        answer = answer::with_header(answer, name, &told(retry.at_unit));
    }
    if let Some(name) = retry.remaining {
        answer = answer::with_header(answer, name, "0");
    }
    for limit in retry.limits {
        answer = spent(answer, limit, &told);
    }
    if !named {
        answer = answer::with_header(answer, "retry-after", &wait.to_string());
    }
    (answer, until)
}

/// The refusal itself: in the entry's own words for a rate limit, else by its status.
fn refusal(proxy: &Proxy, body: &mut Value) -> Response<Bytes> {
    match errors::of_status(proxy, 429) {
        Some(error) => errors::answer(error, body),
        None => answer::json(status(&proxy.retry), body),
    }
}

/// The headers of one limit that is spent, beside one that is not where a header holds several.
fn spent(mut answer: Response<Bytes>, limit: &RateLimit, told: &dyn Fn(WaitUnit) -> String) -> Response<Bytes> {
    let reset = limit.reset.map(|reset| (reset, told(reset.unit)));
    let pair = |list: bool, one: &str, other: &str| if list { format!("{one},{other}") } else { one.to_owned() };
    match limit.usage {
        RateLimitUsage::Remaining { header, list } => {
            answer = answer::with_header(answer, header, &pair(list, "0", "900"));
        }
        RateLimitUsage::Used { used, limit, list } => {
            answer = answer::with_header(answer, limit, &pair(list, "100", "1000"));
            answer = answer::with_header(answer, used, &pair(list, "101", "100"));
        }
        RateLimitUsage::Bucket { header } => answer = answer::with_header(answer, header, "40/40"),
        RateLimitUsage::Json { header, paths } => {
            let mut usage = json!({});
            for at in paths {
                path::set(&mut usage, at, 100.into());
            }
            // The reset may stand in the same header.
            if let Some((reset, value)) = reset.as_ref().filter(|(reset, _)| reset.header == header)
                && let Some(at) = reset.path
            {
                let value = value.parse::<i64>().map_or_else(|_| value.clone().into(), Into::into);
                path::set(&mut usage, at, value);
            }
            answer = answer::with_header(answer, header, &usage.to_string());
        }
    }
    match reset {
        Some((reset, value)) if reset.path.is_none() => answer::with_header(answer, reset.header, &value),
        _ => answer,
    }
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
