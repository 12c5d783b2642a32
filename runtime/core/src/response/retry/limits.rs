//! The rate limits that an entry lists: which of them an answer shows to be spent, and when these are full again.
//!
//! A limit whose headers are missing or cannot be read is not spent: it asks for no wait.

use super::read::read;
use crate::clock::Timestamp;
use http::HeaderMap;
use keyway_format::instant::{self, Use};
use keyway_format::path;
use keyway_spec::proxy::{RateLimit, RateLimitReset, RateLimitUsage};
use serde_json::Value;
use std::time::Duration;

/// True if one of the limits is spent.
pub(super) fn any_spent(limits: &[RateLimit], headers: &HeaderMap) -> bool {
    limits.iter().any(|limit| !spent(limit.usage, headers).is_empty())
}

/// The longest wait that the spent limits ask for.
pub(super) fn wait(limits: &[RateLimit], headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    limits.iter().filter_map(|limit| wait_of(limit, headers, now)).max()
}

fn wait_of(limit: &RateLimit, headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let spent = spent(limit.usage, headers);
    if spent.is_empty() {
        return None;
    }
    let reset = limit.reset.and_then(|reset| reset_of(&reset, &spent, headers, now));
    reset.or(limit.wait.map(|seconds| Duration::from_secs(seconds.into())))
}

/// The longest of the waits of some limits that stand side by side. One value is for all of them.
fn reset_of(reset: &RateLimitReset, spent: &[usize], headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    if let Some(path) = reset.path {
        let values = json(headers, reset.header).filter_map(|json| text(path::get(&json, path)?));
        return values.filter_map(|value| read(&value, reset.unit, now)).max();
    }
    // A date holds commas.
    let whole = lines(headers, reset.header).filter_map(|line| read(line, reset.unit, now)).max();
    whole.or_else(|| {
        let items: Vec<&str> = items(headers, reset.header).collect();
        let of_spent = spent.iter().filter_map(|at| items.get(*at));
        of_spent.filter_map(|item| read(item, reset.unit, now)).max()
    })
}

/// The spent ones of the limits that a header is about, by their position in it.
fn spent(usage: RateLimitUsage, headers: &HeaderMap) -> Vec<usize> {
    let positions = |spent: Vec<bool>| {
        let spent = spent.into_iter().enumerate().filter(|(_, spent)| *spent);
        spent.map(|(at, _)| at).collect::<Vec<_>>()
    };
    let values = |name, list| -> Vec<Option<f64>> {
        if list { items(headers, name).map(number).collect() } else { lines(headers, name).map(number).collect() }
    };
    match usage {
        RateLimitUsage::Remaining { header, list } => {
            positions(values(header, list).into_iter().map(|left| left.is_some_and(|left| left <= 0.0)).collect())
        }
        RateLimitUsage::Used { used, limit, list } => {
            let both = values(used, list).into_iter().zip(values(limit, list));
            positions(both.map(|(used, limit)| is_full(used, limit)).collect())
        }
        RateLimitUsage::Bucket { header } => {
            let both = lines(headers, header).filter_map(|line| line.split_once('/'));
            positions(both.map(|(used, limit)| is_full(number(used), number(limit))).collect())
        }
        RateLimitUsage::Json { header, paths } => {
            let percent = |json: &Value, path| number(&text(path::get(json, path)?)?);
            let is_spent =
                |json: Value| paths.iter().any(|path| percent(&json, path).is_some_and(|percent| percent >= 100.0));
            positions(json(headers, header).map(is_spent).collect())
        }
    }
}

fn is_full(used: Option<f64>, limit: Option<f64>) -> bool {
    used.zip(limit).is_some_and(|(used, limit)| limit > 0.0 && used >= limit)
}

fn number(text: &str) -> Option<f64> {
    instant::number(text, Use::Wait)
}

fn lines<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok())
}

fn items<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h str> {
    lines(headers, name).flat_map(|line| line.split(','))
}

fn json(headers: &HeaderMap, name: &str) -> impl Iterator<Item = Value> {
    lines(headers, name).filter_map(|line| serde_json::from_str(line).ok())
}

/// A text or a number as text.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::proxy::WaitUnit;

    const LEFT: RateLimitUsage = RateLimitUsage::Remaining { header: "x-left", list: false };
    const LEFT_LIST: RateLimitUsage = RateLimitUsage::Remaining { header: "x-left", list: true };
    const USED: RateLimitUsage = RateLimitUsage::Used { used: "x-used", limit: "x-limit", list: false };
    const USED_LIST: RateLimitUsage = RateLimitUsage::Used { used: "x-used", limit: "x-limit", list: true };
    const BUCKET: RateLimitUsage = RateLimitUsage::Bucket { header: "x-bucket" };
    const JSON: RateLimitUsage = RateLimitUsage::Json { header: "x-usage", paths: &["calls", "cpu.total"] };

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn each_form_says_which_limits_are_spent() {
        for (usage, lines, expected) in [
            (LEFT, &[("x-left", "0")][..], &[0][..]),
            (LEFT, &[("x-left", " 0.0 ")], &[0]),
            (LEFT, &[("x-left", "-3")], &[0]),
            (LEFT, &[("x-left", "1")], &[]),
            (LEFT, &[("x-left", "0, 5")], &[]),
            (LEFT, &[("x-left", "none")], &[]),
            (LEFT, &[("x-left", "")], &[]),
            (LEFT, &[], &[]),
            (LEFT_LIST, &[("x-left", "4, 0,0")], &[1, 2]),
            (LEFT_LIST, &[("x-left", "4"), ("x-left", "0")], &[1]),
            (USED, &[("x-used", "60"), ("x-limit", "60")], &[0]),
            (USED, &[("x-used", "59"), ("x-limit", "60")], &[]),
            (USED, &[("x-used", "0"), ("x-limit", "0")], &[]),
            (USED, &[("x-used", "60")], &[]),
            (USED_LIST, &[("x-used", "201,1500"), ("x-limit", "200,2000")], &[0]),
            (USED_LIST, &[("x-used", "14,2000"), ("x-limit", "200,2000")], &[1]),
            (USED_LIST, &[("x-used", "14,2000"), ("x-limit", "200")], &[]),
            (USED_LIST, &[("x-used", ",,"), ("x-limit", "200,,1")], &[]),
            (BUCKET, &[("x-bucket", "40/40")], &[0]),
            (BUCKET, &[("x-bucket", "32 / 40")], &[]),
            (BUCKET, &[("x-bucket", "40")], &[]),
            (JSON, &[("x-usage", r#"{"calls":100,"cpu":{"total":3}}"#)], &[0]),
            (JSON, &[("x-usage", r#"{"calls":28,"cpu":{"total":"104.5"}}"#)], &[0]),
            (JSON, &[("x-usage", r#"{"calls":99.9,"cpu":{}}"#)], &[]),
            (JSON, &[("x-usage", r#"{"calls":[100]}"#)], &[]),
            (JSON, &[("x-usage", "[")], &[]),
        ] {
            assert_eq!(spent(usage, &headers(lines)), expected, "{usage:?} {lines:?}");
        }
    }

    #[test]
    fn spent_limits_alone_say_how_long_to_wait() {
        const SECONDS: Option<RateLimitReset> =
            Some(RateLimitReset { header: "x-reset", path: None, unit: WaitUnit::Seconds });
        let limit = |usage, reset, wait| RateLimit { usage, reset, wait };
        let unit = |unit| Some(RateLimitReset { header: "x-reset", path: None, unit });
        let at = |path, unit| Some(RateLimitReset { header: "x-usage", path: Some(path), unit });
        let full = (r#"{"calls":100,"again":7}"#, r#"{"calls":3,"again":7}"#);
        for (limits, lines, expected) in [
            (&[limit(LEFT, SECONDS, None)][..], &[("x-left", "0"), ("x-reset", "8")][..], Some(8.0)),
            (&[limit(LEFT, SECONDS, None)], &[("x-left", "1"), ("x-reset", "8")], None),
            (&[limit(LEFT, SECONDS, None)], &[("x-left", "0")], None),
            (&[limit(LEFT, SECONDS, Some(20))], &[("x-left", "0")], Some(20.0)),
            (&[limit(LEFT, SECONDS, Some(20))], &[("x-left", "0"), ("x-reset", "8")], Some(8.0)),
            (&[limit(BUCKET, None, Some(20))], &[("x-bucket", "39/40")], None),
            // Of two limits the one that is not spent says nothing, although it begins anew later.
            (
                &[limit(LEFT, SECONDS, None), limit(BUCKET, None, Some(20))],
                &[("x-left", "0"), ("x-reset", "8"), ("x-bucket", "1/40")],
                Some(8.0),
            ),
            (
                &[limit(LEFT, SECONDS, None), limit(BUCKET, None, Some(20))],
                &[("x-left", "0"), ("x-reset", "8"), ("x-bucket", "40/40")],
                Some(20.0),
            ),
            (&[limit(LEFT_LIST, SECONDS, None)], &[("x-left", "0, 9"), ("x-reset", "3, 500")], Some(3.0)),
            (&[limit(LEFT_LIST, SECONDS, None)], &[("x-left", "0, 0"), ("x-reset", "3, 500")], Some(500.0)),
            (&[limit(LEFT_LIST, SECONDS, None)], &[("x-left", "9, 0"), ("x-reset", "3")], Some(3.0)),
            (&[limit(LEFT, unit(WaitUnit::Milliseconds), None)], &[("x-left", "0"), ("x-reset", "15000")], Some(15.0)),
            (&[limit(LEFT, unit(WaitUnit::Duration), None)], &[("x-left", "0"), ("x-reset", "6m0s")], Some(360.0)),
            (
                &[limit(LEFT, unit(WaitUnit::Until), None)],
                &[("x-left", "0"), ("x-reset", "Fri, 02 Jan 2026 03:04:15 GMT")],
                Some(10.0),
            ),
            (
                &[limit(LEFT, unit(WaitUnit::UntilMilliseconds), None)],
                &[("x-left", "0"), ("x-reset", "1767323055000")],
                Some(10.0),
            ),
            (&[limit(JSON, at("again", WaitUnit::Minutes), None)], &[("x-usage", full.0)], Some(420.0)),
            (&[limit(JSON, at("again", WaitUnit::Minutes), None)], &[("x-usage", full.1)], None),
        ] {
            let now = "2026-01-02T03:04:05Z".parse().unwrap();
            assert_eq!(wait(limits, &headers(lines), now), expected.map(Duration::from_secs_f64), "{lines:?}");
        }
    }
}
