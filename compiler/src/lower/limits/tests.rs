//! Keys as they are lowered, and those that do not fit together.

use super::*;
use crate::pipeline;
use crate::source::Sources;
use keyway_spec::proxy::RetryInBody;

fn entry(retry: &str, keyway: &str) -> String {
    format!(
        "acme:\n    display_name: Acme\n    docs: https://docs.acme.example\n    categories: [other]\n    auth_mode: NONE\n    \
         proxy: {{base_url: 'https://api.acme.example', retry: {{{retry}}}}}\n    keyway: {{{keyway}}}\n"
    )
}

#[track_caller]
fn lowered(text: &str) -> Retry {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let checked = pipeline::check(&sources, file);
    let (spec, found) = crate::lower::lower(checked.providers.first().unwrap());
    let found: Vec<_> = found.iter().map(|found| &found.message).collect();
    spec.unwrap_or_else(|| panic!("{text}{found:?}")).proxy.unwrap().retry
}

/// Errors: path, the text that is marked, message.
fn found(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", text);
    let errors = pipeline::check(&sources, file).diagnostics;
    let errors = errors.iter().filter(|found| [&RATE_LIMIT, &RETRY_UNIT].contains(&found.rule));
    let told = errors.map(|found| {
        let marked = &text[found.primary.span.range()];
        format!("{} [{marked}] {}", found.path[2..].join("."), found.message)
    });
    told.collect()
}

#[test]
fn units_and_a_fixed_wait_lie_over_the_rules_of_the_proxy() {
    let body = |strategy| format!("in_body: {{path: m, value: '(.+)', strategy: {strategy}}}");
    let in_body = |unit| Retry { in_body: Some(RetryInBody { path: "m", pattern: "(.+)", unit }), ..Retry::EMPTY };
    let after = Retry { after: &["x-wait"], ..Retry::EMPTY };
    let at = Retry { at: &["x-at"], ..Retry::EMPTY };
    for (retry, keys, expected) in [
        ("after: x-wait".to_owned(), "{}", after),
        ("after: x-wait".to_owned(), "{after_unit: minutes}", Retry { after_unit: WaitUnit::Minutes, ..after }),
        ("after: x-wait".to_owned(), "{after_unit: duration}", Retry { after_unit: WaitUnit::Duration, ..after }),
        ("at: x-at".to_owned(), "{at_unit: seconds}", Retry { at_unit: WaitUnit::UntilSeconds, ..at }),
        ("at: x-at".to_owned(), "{at_unit: milliseconds}", Retry { at_unit: WaitUnit::UntilMilliseconds, ..at }),
        (body("after"), "{in_body_unit: milliseconds}", in_body(WaitUnit::Milliseconds)),
        (body("at"), "{in_body_unit: milliseconds}", in_body(WaitUnit::UntilMilliseconds)),
        (body("at"), "{wait: 60}", Retry { wait: Some(60), ..in_body(WaitUnit::Until) }),
    ] {
        assert_eq!(lowered(&entry(&retry, &format!("retry: {keys}"))), expected, "{retry} {keys}");
    }
}

#[test]
fn each_form_of_a_rate_limit_is_read() {
    let reset = |header, path, unit| Some(RateLimitReset { header, path, unit });
    let limit = |usage, reset, wait| RateLimit { usage, reset, wait };
    for (keys, expected) in [
        ("{remaining: x-left}", limit(RateLimitUsage::Remaining { header: "x-left", list: false }, None, None)),
        (
            "{remaining: x-left, form: list, reset: x-reset, reset_unit: instant_milliseconds, wait: 7}",
            limit(
                RateLimitUsage::Remaining { header: "x-left", list: true },
                reset("x-reset", None, WaitUnit::UntilMilliseconds),
                Some(7),
            ),
        ),
        (
            "{used: x-used, limit: x-limit, wait: 900}",
            limit(RateLimitUsage::Used { used: "x-used", limit: "x-limit", list: false }, None, Some(900)),
        ),
        (
            "{used: x-used, limit: x-limit, form: list}",
            limit(RateLimitUsage::Used { used: "x-used", limit: "x-limit", list: true }, None, None),
        ),
        ("{used: x-calls, form: bucket}", limit(RateLimitUsage::Bucket { header: "x-calls" }, None, None)),
        (
            "{used: x-usage, form: json, paths: [a, b.c], reset_path: d, reset_unit: minutes}",
            limit(
                RateLimitUsage::Json { header: "x-usage", paths: &["a", "b.c"] },
                reset("x-usage", Some("d"), WaitUnit::Minutes),
                None,
            ),
        ),
        (
            "{used: x-usage, form: json, paths: [a], reset: x-reset, reset_unit: seconds}",
            limit(
                RateLimitUsage::Json { header: "x-usage", paths: &["a"] },
                reset("x-reset", None, WaitUnit::Seconds),
                None,
            ),
        ),
    ] {
        let limits = lowered(&entry("", &format!("limits: [{{remaining: x-other}}, {keys}]"))).limits;
        assert_eq!(limits.get(1..), Some(&[expected][..]), "{keys}");
    }
}

#[test]
fn keys_that_do_not_fit_together_are_told_at_the_exact_one() {
    for (keys, expected) in [
        ("limits: [{wait: 7}]", "limits.0 [wait: 7] a rate limit without `remaining` and without `used`"),
        ("limits: [{remaining: a, used: b, limit: c}]", "limits.0.used [b] `used` beside `remaining`"),
        ("limits: [{used: b}]", "limits.0.used [b] `used` without `limit`"),
        ("limits: [{used: b, form: list}]", "limits.0.used [b] `used` without `limit`"),
        ("limits: [{remaining: a, limit: b}]", "limits.0.limit [b] `limit` is read beside `used` only"),
        ("limits: [{used: a, limit: b, form: bucket}]", "limits.0.limit [b] `limit` is read beside `used` only"),
        (
            "limits: [{remaining: a, form: bucket}]",
            "limits.0.remaining [a] `remaining` is a number, or a list of numbers",
        ),
        ("limits: [{used: a, form: json}]", "limits.0.form [json] `form: json` without `paths`"),
        ("limits: [{used: a, form: json, paths: []}]", "limits.0.form [json] `form: json` without `paths`"),
        ("limits: [{remaining: a, paths: [b]}]", "limits.0.paths [b] `paths` without `form: json`"),
        ("limits: [{remaining: a, reset: b}]", "limits.0.reset [b] `reset` without `reset_unit`"),
        (
            "limits: [{remaining: a, reset_unit: seconds}]",
            "limits.0.reset_unit [seconds] `reset_unit` is the unit of nothing",
        ),
        (
            "limits: [{remaining: a, reset_path: b, reset_unit: seconds}]",
            "limits.0.reset_path [b] `reset_path` without `form: json`",
        ),
        (
            "limits: [{used: a, form: json, paths: [b], reset: c, reset_path: d, reset_unit: seconds}]",
            "limits.0.reset_path [d] `reset_path` beside `reset`",
        ),
        ("retry: {after_unit: seconds}", "retry.after_unit [seconds] `after_unit` is the unit of nothing"),
        ("retry: {at_unit: seconds}", "retry.at_unit [seconds] `at_unit` is the unit of nothing"),
        ("retry: {in_body_unit: seconds}", "retry.in_body_unit [seconds] `in_body_unit` is the unit of nothing"),
    ] {
        assert_eq!(found(&entry("", keys)), [expected], "{keys}");
    }
    let standard = entry("after: retry-after", "retry: {after_unit: milliseconds}");
    assert_eq!(found(&standard), ["retry.after_unit [milliseconds] `after_unit` is the unit of nothing"]);
    let instant = entry("in_body: {path: m, value: '(.+)', strategy: at}", "retry: {in_body_unit: minutes}");
    assert_eq!(found(&instant), ["retry.in_body_unit [minutes] `in_body_unit` is the unit of nothing"]);
    let alone = entry("", "retry: {wait: 7}, limits: [{remaining: a}]")
        .replace("    proxy: {base_url: 'https://api.acme.example', retry: {}}\n", "");
    assert_eq!(
        found(&alone),
        ["retry [wait: 7] `keyway.retry` without `proxy`", "limits [remaining: a] `keyway.limits` without `proxy`",]
    );
}
