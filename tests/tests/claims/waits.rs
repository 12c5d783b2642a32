//! Claims about `proxy.retry`: what is tried again, and after how long.

use super::{says, spec};
use http::HeaderMap;
use keyway::response::retry::{Decision, Outcome, decide};
use std::time::Duration;

#[test]
fn a_wait_is_what_the_pages_say() {
    let seconds = |seconds| Some(Decision::After(Duration::from_secs(seconds)));
    let body = r#"{"error":{"message":"Try again after 7 s"}}"#;
    let in_body = |value: &str| format!("{{in_body: {{path: error.message, value: '{value}', strategy: after}}}}");
    let at = ("x-reset", "1767323055");
    for (rule, words, retry, status, header, expected) in [
        ("KW0397", "the runtime gives up", "{after: [x-reset]}".to_owned(), 429, at, None),
        ("KW0397", "hold the time at which the window ends", "{at: [x-reset]}".to_owned(), 429, at, seconds(10)),
        (
            "KW0397",
            "Some vendors do send seconds there",
            "{after: [x-reset]}".to_owned(),
            429,
            ("x-reset", "9"),
            seconds(9),
        ),
        ("KW0398", "The value is the expression itself", in_body("after (\\d+)"), 429, ("x", "y"), seconds(7)),
        ("KW0398", "takes a slash at both ends away", in_body("/after (\\d+)/"), 429, ("x", "y"), seconds(7)),
        // Nothing is found, so the wait is the first default one.
        ("KW0398", "not where letters follow it", in_body("/after (\\d+)/i"), 429, ("x", "y"), seconds(3)),
    ] {
        says(rule, words);
        let decision = decision(&retry, status, header, body);
        match expected {
            Some(expected) => assert_eq!(decision, expected, "{rule} {words}"),
            None => assert!(matches!(decision, Decision::GiveUp(_)), "{rule} {words}: {decision:?}"),
        }
    }
}

/// The page of `proxy` in `docs/src/format`.
#[test]
fn the_keys_of_retry_do_what_their_page_says() {
    let left = ("x-left", "0");
    for (retry, status, header, is_tried) in [
        ("{remaining: x-left}", 200, left, false),
        ("{remaining: x-left}", 404, left, true),
        ("{remaining: x-left}", 404, ("x-left", "1"), false),
        ("{}", 401, left, true),
        ("{}", 429, left, true),
        ("{}", 500, left, true),
        ("{}", 404, left, false),
        ("{error_code: ['404']}", 404, left, true),
        ("{error_code: ['404']}", 500, left, false),
    ] {
        assert_eq!(decision(retry, status, header, "") != Decision::Stop, is_tried, "{retry} {status} {header:?}");
    }
}

fn decision(retry: &str, status: u16, (name, value): (&'static str, &str), body: &str) -> Decision {
    let spec = spec(&format!("    auth_mode: NONE\n    proxy: {{base_url: https://a.example, retry: {retry}}}\n"));
    let mut headers = HeaderMap::new();
    headers.insert(name, value.parse().unwrap());
    let outcome = Outcome::Response { status, headers: &headers, body: Some(body.as_bytes()) };
    let now = "2026-01-02T03:04:05Z".parse().unwrap();
    decide(&spec.proxy.unwrap().retry, outcome, 0, &[], now, true, Duration::from_secs(60))
}
