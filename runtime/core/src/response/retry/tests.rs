//! Answers and failures, and what is decided about them.

use super::*;
use keyway_spec::proxy::{RetryInBody, RetryStrategy, StatusRange};

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
        let rule = RetryInBody { path: "error.message", pattern, strategy: RetryStrategy::At };
        let spec = Retry { in_body: Some(rule), ..Retry::EMPTY };
        let body = r#"{"error":{"message":"retry after 2026-01-02T03:04:15Z"}}"#;
        check(&spec, 429, None, body, after(10));
        check(&spec, 429, None, "not json", after(3));
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

#[test]
fn of_all_that_names_a_wait_the_longest_holds() {
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
        (Retry::EMPTY, 429, &[("ratelimit", "\"default\";r=0;t=8"), ("retry-after", "5")], after(8)),
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
