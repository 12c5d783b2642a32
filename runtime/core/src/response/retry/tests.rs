//! Answers and failures, and what is decided about them.

use super::*;
use keyway_spec::proxy::{RateLimit, RateLimitReset, RateLimitUsage, RetryInBody, StatusRange, WaitUnit};

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
        (instant, "30", after(30)),
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
        let rule = RetryInBody { path: "error.message", pattern, unit: WaitUnit::Until };
        let spec = Retry { in_body: Some(rule), ..Retry::EMPTY };
        let body = r#"{"error":{"message":"retry after 2026-01-02T03:04:15Z"}}"#;
        check(&spec, 429, None, body, after(10));
        check(&spec, 429, None, "not json", after(3));
    }
}

#[test]
fn a_body_names_the_wait_by_a_text_or_a_number() {
    let rule = |unit| RetryInBody { path: "parameters.retry_after", pattern: "(.+)", unit };
    for (unit, value, expected) in [
        (WaitUnit::Seconds, "35", after(35)),
        (WaitUnit::Seconds, "1.5", Decision::After(Duration::from_millis(1500))),
        (WaitUnit::Milliseconds, "8000", after(8)),
        (WaitUnit::Until, "1767323055", after(10)),
        (WaitUnit::Seconds, "\"35\"", after(35)),
        (WaitUnit::Until, "\"Fri, 02 Jan 2026 03:04:15 UTC\"", after(10)),
        // Nothing else is a wait.
        (WaitUnit::Seconds, "true", after(3)),
        (WaitUnit::Seconds, "[35]", after(3)),
        (WaitUnit::Seconds, "null", after(3)),
        (WaitUnit::Seconds, "-5", after(0)),
    ] {
        let spec = Retry { in_body: Some(rule(unit)), ..Retry::EMPTY };
        let body = format!("{{\"ok\":false,\"parameters\":{{\"retry_after\":{value}}}}}");
        check(&spec, 429, None, &body, expected);
    }
}

#[test]
fn without_a_named_wait_it_doubles_up_to_ten_minutes() {
    let wait = |attempt| decide(&Retry::EMPTY, Outcome::Network { sent: false }, attempt, &[], now(), false, MAX_WAIT);
    assert_eq!([wait(0), wait(1), wait(2)], [after(3), after(6), after(12)]);
    assert_eq!([wait(8), wait(40), wait(u32::MAX)], [after(600), after(600), after(600)]);
}

#[test]
fn what_may_have_been_carried_out_is_repeated_only_where_that_is_safe() {
    let after_3 = after(3);
    let may_be_done = |decision| matches!(decision, Decision::GiveUp(GivenUp { wait: None, .. }));
    let status = |status, told: bool, repeatable| {
        let told = told.then(|| (http::header::RETRY_AFTER, "3".parse().unwrap()));
        let headers = HeaderMap::from_iter(told);
        let outcome = Outcome::Response { status, headers: &headers, body: None };
        decide(&Retry::EMPTY, outcome, 0, &[409], now(), repeatable, DEFAULT_MAX_WAIT)
    };
    let network = |sent, repeatable| {
        decide(&Retry::EMPTY, Outcome::Network { sent }, 0, &[], now(), repeatable, DEFAULT_MAX_WAIT)
    };
    for (what, once, twice) in [
        ("500", status(500, false, false), status(500, false, true)),
        ("502", status(502, true, false), status(502, true, true)),
        ("503", status(503, false, false), status(503, false, true)),
        ("sent", network(true, false), network(true, true)),
    ] {
        assert!(may_be_done(once), "{what}: {once:?}");
        assert_eq!(twice, after_3, "{what}");
    }
    // What was not processed may always be sent again.
    for decision in
        [status(429, false, false), status(409, false, false), status(503, true, false), network(false, false)]
    {
        assert_eq!(decision, after_3);
    }
}

#[test]
fn methods_keys_and_callers_say_what_may_be_repeated() {
    for (method, headers, asked_for, expected) in [
        ("GET", &[][..], false, true),
        ("PUT", &[], false, true),
        ("DELETE", &[], false, true),
        ("PROPFIND", &[], false, true),
        ("POST", &[], false, false),
        ("PATCH", &["if-match"], false, false),
        ("POST", &["Idempotency-Key"], false, true),
        ("POST", &[], true, true),
    ] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        assert_eq!(is_repeatable(&method, headers.iter().copied(), asked_for), expected, "{method} {headers:?}");
    }
}

/// An entry like those of vendors that answer 403 to a spent quota.
const QUOTA: Retry = Retry { at: &["x-reset"], after: &["x-wait"], remaining: Some("x-left"), ..Retry::EMPTY };

/// An entry whose limit is one of a day.
const DAY: Retry = Retry {
    limits: &[RateLimit {
        usage: RateLimitUsage::Remaining { header: "x-day-left", list: false },
        reset: Some(RateLimitReset { header: "x-day-reset", path: None, unit: WaitUnit::Seconds }),
        wait: None,
    }],
    ..Retry::EMPTY
};

/// An entry that names `Retry-After` beside a reset, and a unit of another header.
const NAMED: Retry =
    Retry { at: &["x-reset"], after: &["retry-after", "x-ms"], after_unit: WaitUnit::Milliseconds, ..Retry::EMPTY };

#[test]
fn of_all_that_names_a_wait_the_longest_holds_and_retry_after_over_the_reset_of_a_quota() {
    let headers = |lines: &[(&'static str, &str)]| {
        lines.iter().fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(*name, value.parse().unwrap());
            headers
        })
    };
    for (spec, status, lines, expected) in [
        (Retry::EMPTY, 429, &[("retry-after", "8")][..], after(8)),
        (Retry::EMPTY, 503, &[("retry-after", "Fri, 02 Jan 2026 03:04:15 GMT")], after(10)),
        (Retry::EMPTY, 429, &[("retry-after", "8"), ("retry-after", "9")], after(9)),
        (Retry::EMPTY, 429, &[("retry-after", "1767323055")], after(10)),
        (Retry::EMPTY, 429, &[("retry-after", "-1")], after(3)),
        (Retry::EMPTY, 429, &[("retry-after", "soon")], after(3)),
        (Retry::EMPTY, 429, &[("ratelimit", "\"default\";r=0;t=8")], after(8)),
        (Retry::EMPTY, 429, &[("ratelimit", "\"default\";r=0;t=8"), ("retry-after", "5")], after(5)),
        (Retry::EMPTY, 429, &[("ratelimit", "\"default\";r=0;t=8"), ("retry-after", "0")], after(8)),
        (Retry::EMPTY, 429, &[("ratelimit", "\"default\";r=0;t=8"), ("retry-after", "soon")], after(8)),
        (Retry::EMPTY, 429, &[("ratelimit-reset", "1767323055"), ("ratelimit-remaining", "0")], after(10)),
        (Retry::EMPTY, 429, &[("ratelimit-reset", "1767323055000"), ("ratelimit-remaining", "0")], after(10)),
        (Retry::EMPTY, 403, &[], Decision::Stop),
        (Retry::EMPTY, 403, &[("retry-after", "8")], after(8)),
        // The upstream's clock is an hour behind.
        (
            Retry::EMPTY,
            429,
            &[("date", "Fri, 02 Jan 2026 02:04:05 GMT"), ("retry-after", "Fri, 02 Jan 2026 02:04:13 GMT")],
            after(8),
        ),
        (QUOTA, 429, &[("date", "Fri, 02 Jan 2026 02:04:05 GMT"), ("x-reset", "1767319453")], after(8)),
        (QUOTA, 429, &[("x-reset", "1767323050"), ("x-wait", "8")], after(8)),
        (QUOTA, 429, &[("x-reset", "1767323055"), ("x-wait", "8")], after(10)),
        (QUOTA, 429, &[("retry-after", "8")], after(8)),
        (QUOTA, 429, &[("retry-after", "8"), ("x-wait", "7"), ("x-reset", "1767323051")], after(8)),
        // A quota of a day, whose reset has nothing to do with a burst.
        (QUOTA, 429, &[("retry-after", "8"), ("x-reset", "1767366000")], after(8)),
        (QUOTA, 429, &[("retry-after", "8"), ("x-left", "0"), ("x-reset", "1767366000")], after(8)),
        (QUOTA, 429, &[("retry-after", "8"), ("x-wait", "9"), ("x-reset", "1767366000")], after(9)),
        (QUOTA, 429, &[("retry-after", "0"), ("x-reset", "1767323055")], after(10)),
        (DAY, 429, &[("retry-after", "8"), ("x-day-left", "0"), ("x-day-reset", "40000")], after(8)),
        (DAY, 429, &[("x-day-left", "0"), ("x-day-reset", "30")], after(30)),
        // An entry that names `Retry-After` itself says no less, in any unit.
        (NAMED, 429, &[("retry-after", "8"), ("x-reset", "1767366000")], after(8)),
        (NAMED, 429, &[("retry-after", "38s"), ("x-reset", "1767366000")], after(38)),
        // The quota is not spent, so its reset is no wait.
        (QUOTA, 403, &[("retry-after", "8"), ("x-left", "4000"), ("x-reset", "1767326000")], after(8)),
        (QUOTA, 500, &[("x-left", "4000"), ("x-reset", "1767326000")], after(3)),
        (QUOTA, 403, &[("x-left", "0"), ("x-reset", "1767323055")], after(10)),
        (QUOTA, 403, &[("x-left", "4000"), ("x-reset", "1767323055")], Decision::Stop),
    ] {
        let headers = headers(lines);
        let outcome = Outcome::Response { status, headers: &headers, body: None };
        assert_eq!(decide(&spec, outcome, 0, &[], now(), true, DEFAULT_MAX_WAIT), expected, "{status} {lines:?}");
    }
}

#[test]
fn a_wait_is_told_whether_or_not_anything_is_tried_again() {
    let told = |spec: &Retry, status, lines: &[(&'static str, &str)]| {
        let headers = lines.iter().fold(HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(*name, value.parse().unwrap());
            headers
        });
        requested_wait(spec, status, &headers, None, &[], now()).map(|wait| wait.as_secs())
    };
    assert_eq!(told(&Retry::EMPTY, 429, &[("retry-after", "3600")]), Some(3600));
    assert_eq!(told(&Retry::EMPTY, 404, &[("retry-after", "5")]), Some(5));
    assert_eq!(told(&QUOTA, 403, &[("x-left", "0"), ("x-reset", "1767323055")]), Some(10));
    // A reset that stands on every answer says nothing about a missing thing.
    assert_eq!(told(&QUOTA, 404, &[("x-left", "7"), ("x-reset", "1767323055")]), None);
    assert_eq!(told(&QUOTA, 200, &[("retry-after", "5")]), None);
    assert_eq!(told(&Retry::EMPTY, 429, &[]), None);
}

#[test]
fn a_number_counts_in_the_unit_of_its_header_and_a_text_with_units_in_its_own() {
    use WaitUnit::{Duration as WithUnits, Milliseconds, Minutes, Seconds, UntilMilliseconds, UntilSeconds};
    let tenth = Decision::After(Duration::from_millis(100));
    for (unit, value, expected) in [
        (Seconds, "15", after(15)),
        (Seconds, "6s", after(6)),
        (Seconds, "20ms", Decision::After(Duration::from_millis(20))),
        (Milliseconds, "15000", after(15)),
        (Milliseconds, "100", tenth),
        (Milliseconds, "Fri, 02 Jan 2026 03:04:15 GMT", after(10)),
        (Milliseconds, "2s", after(2)),
        (Minutes, "1", after(60)),
        (Minutes, "0.5", after(30)),
        (WithUnits, "1m0s", after(60)),
        (WithUnits, "15", after(3)),
    ] {
        check(
            &Retry { after: &["x-wait"], after_unit: unit, ..Retry::EMPTY },
            429,
            Some(("x-wait", value)),
            "",
            expected,
        );
    }
    for (unit, value, expected) in [
        (UntilSeconds, "1767323055", after(10)),
        (UntilSeconds, "Fri, 02 Jan 2026 03:04:15 GMT", after(10)),
        (UntilMilliseconds, "1767323055000", after(10)),
        // Read as it is said: seconds would be a time in January 1970, and no wait.
        (UntilMilliseconds, "1767323055", after(3)),
        (UntilMilliseconds, "1e300", after(3)),
    ] {
        check(&Retry { at: &["x-at"], at_unit: unit, ..Retry::EMPTY }, 429, Some(("x-at", value)), "", expected);
    }
    // The unit of the standard field is the standard's.
    let minutes = Retry { after: &["retry-after", "x-wait"], after_unit: Minutes, ..Retry::EMPTY };
    check(&minutes, 429, Some(("retry-after", "30")), "", after(30));
    let rule = RetryInBody { path: "wait", pattern: "(.+)", unit: Milliseconds };
    check(&Retry { in_body: Some(rule), ..Retry::EMPTY }, 429, None, r#"{"wait":"4000"}"#, after(4));
}

#[test]
fn a_fixed_wait_is_made_where_a_rate_limit_is_spent_and_no_other_is_named() {
    const STATUSES: &[StatusRange] = &[
        StatusRange { first: 401, last: 401 },
        StatusRange { first: 403, last: 403 },
        StatusRange { first: 429, last: 429 },
        StatusRange { first: 500, last: 599 },
    ];
    let fixed = Retry { wait: Some(20), after: &["x-wait"], ..Retry::EMPTY };
    let of_statuses = Retry { error_code: STATUSES, ..fixed };
    for (spec, status, header, expected) in [
        (fixed, 429, None, after(20)),
        (fixed, 429, Some(("x-wait", "7")), after(7)),
        (
            fixed,
            429,
            Some(("retry-after", "70")),
            give_up("the wait is longer than the call may still wait", Duration::from_secs(70)),
        ),
        (fixed, 503, None, after(3)),
        (fixed, 401, None, after(3)),
        (fixed, 403, None, Decision::Stop),
        (fixed, 200, None, Decision::Stop),
        (of_statuses, 403, None, after(20)),
        (of_statuses, 401, None, after(3)),
        (of_statuses, 500, None, after(3)),
    ] {
        check(&spec, status, header, "", expected);
    }
    assert_eq!(
        requested_wait(&fixed, 429, &HeaderMap::new(), None, &[], now()).map(|wait| wait.as_secs()),
        Some(20),
        "told to a caller who does not try again"
    );
}

#[test]
fn a_spent_rate_limit_makes_a_refusal_retryable_and_says_how_long() {
    const LIMITS: &[RateLimit] = &[
        RateLimit {
            usage: RateLimitUsage::Remaining { header: "x-day-left", list: false },
            reset: None,
            wait: Some(50),
        },
        RateLimit {
            usage: RateLimitUsage::Remaining { header: "x-left", list: false },
            reset: Some(RateLimitReset { header: "x-reset", path: None, unit: WaitUnit::Until }),
            wait: None,
        },
    ];
    let spec = Retry { at: &["x-reset"], limits: LIMITS, ..Retry::EMPTY };
    for (status, lines, expected) in [
        (403, &[("x-day-left", "1000"), ("x-left", "0"), ("x-reset", "1767323055")][..], after(10)),
        (429, &[("x-day-left", "1000"), ("x-left", "0"), ("x-reset", "1767323055")], after(10)),
        (429, &[("x-day-left", "0"), ("x-left", "0"), ("x-reset", "1767323055")], after(50)),
        (429, &[("x-day-left", "0"), ("x-left", "9"), ("x-reset", "1767323065")], after(50)),
        // `at` names the reset too, and the limit that it belongs to is not spent.
        (429, &[("x-day-left", "1000"), ("x-left", "9"), ("x-reset", "1767323055")], after(3)),
        (429, &[("x-day-left", "1000"), ("x-left", "9"), ("retry-after", "8")], after(8)),
        (403, &[("x-day-left", "1000"), ("x-left", "9"), ("x-reset", "1767323055")], Decision::Stop),
        // The last call that the limit allowed, and what it asked for is not there.
        (404, &[("x-left", "0"), ("x-reset", "1767323055")], Decision::Stop),
        (200, &[("x-left", "0"), ("x-reset", "1767323055")], Decision::Stop),
        (500, &[("x-left", "0"), ("x-reset", "1767323055")], after(10)),
    ] {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        let outcome = Outcome::Response { status, headers: &headers, body: None };
        assert_eq!(decide(&spec, outcome, 0, &[], now(), true, DEFAULT_MAX_WAIT), expected, "{status} {lines:?}");
    }
    let only = Retry { error_code: &[StatusRange { first: 500, last: 599 }], ..spec };
    check(&only, 429, Some(("x-day-left", "0")), "", after(50));
    check(&only, 429, Some(("x-day-left", "1")), "", Decision::Stop);
}
