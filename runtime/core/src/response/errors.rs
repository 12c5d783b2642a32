//! Errors that only the body of an answer tells, by the entry's `keyway.errors`.
//!
//! Some vendors answer 200 to every call and say in a member that it failed; some have one status for a rate limit and
//! for a mistake of the caller's. A rule says which status such an answer counts as. What is done about that status is
//! decided where it is for every other answer: retries in [`super::retry`], renewals and probes in the runtime.
//!
//! Only JSON is looked at: a body of another type, a longer one than [`MAX_BODY`] and one that cannot be read tell
//! nothing.

use super::path;
use crate::json::equals;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use keyway_spec::proxy::{ErrorAnswer, StatusRange};
use serde_json::Value;

/// The longest body of an error: 64 KiB. A list that is longer goes on to the caller unread.
pub const MAX_BODY: usize = 64 << 10;

/// True if the body of an answer may tell that it is an error.
pub fn may_be_told(rules: &[ErrorAnswer], status: u16, headers: &HeaderMap) -> bool {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    rules.iter().any(|rule| is_of(rule.statuses, status))
        && length.is_none_or(|length| length <= MAX_BODY)
        && headers.get(CONTENT_TYPE).is_none_or(|name| name.to_str().is_ok_and(is_json))
}

/// The status that an answer counts as by the first rule that fits it; `None` where it is no error, or the one that its
/// own status says.
pub fn counts_as(rules: &[ErrorAnswer], status: u16, body: &[u8]) -> Option<u16> {
    if rules.is_empty() || body.len() > MAX_BODY {
        return None;
    }
    let body: Value = serde_json::from_slice(body).ok()?;
    let fits = |rule: &&ErrorAnswer| {
        is_of(rule.statuses, status)
            && rule.has.is_none_or(|path| path::get(&body, path).is_some_and(is_there))
            && rule.when.iter().all(|entry| path::get(&body, entry.name).is_some_and(|it| equals(it, &entry.value)))
    };
    rules.iter().find(fits).map(|rule| rule.counts_as)
}

/// True if a member says something: it is neither `null`, `false` nor empty.
pub fn is_there(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(true) | Value::Number(_) => true,
    }
}

fn is_of(statuses: &[StatusRange], status: u16) -> bool {
    statuses.iter().any(|range| (range.first..=range.last).contains(&status))
}

/// True for `application/json`, `text/json` and types built on it (RFC 6839 section 3.1).
fn is_json(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    name.ends_with("/json") || name.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::{Entry, Template, Value as Named};
    use serde_json::json;

    const SUCCESS: &[StatusRange] = &[StatusRange { first: 200, last: 299 }];
    const BAD_REQUEST: &[StatusRange] = &[StatusRange { first: 400, last: 400 }];
    const FAILED: &[Entry] = &[Entry { name: "ok", value: Named::Bool(false) }];
    const LIMITED: &[Entry] =
        &[Entry { name: "errors.0.extensions.code", value: Named::Text(Template::Text("RATELIMITED")) }];
    const BOTH: &[Entry] =
        &[Entry { name: "ok", value: Named::Bool(false) }, Entry { name: "code", value: Named::Integer(7) }];

    const RULES: [ErrorAnswer; 4] = [
        ErrorAnswer { statuses: SUCCESS, has: None, when: BOTH, counts_as: 401 },
        ErrorAnswer { statuses: SUCCESS, has: None, when: FAILED, counts_as: 400 },
        ErrorAnswer { statuses: BAD_REQUEST, has: None, when: LIMITED, counts_as: 429 },
        ErrorAnswer { statuses: SUCCESS, has: Some("error"), when: &[], counts_as: 503 },
    ];

    #[test]
    fn the_first_rule_that_fits_says_what_an_answer_counts_as() {
        let limited = json!({"errors": [{"extensions": {"code": "RATELIMITED"}}]});
        for (status, body, expected) in [
            (200, json!({"ok": false, "code": 7}), Some(401)),
            (200, json!({"ok": false, "code": 8}), Some(400)),
            (201, json!({"ok": false}), Some(400)),
            (200, json!({"ok": true}), None),
            (200, json!({"ok": "false"}), None),
            (200, json!({"ok": null}), None),
            (200, json!({}), None),
            (200, json!([{"ok": false}]), None),
            (404, json!({"ok": false}), None),
            (400, limited.clone(), Some(429)),
            (200, limited.clone(), None),
            (422, limited, None),
            (400, json!({"errors": [{"extensions": {"code": "INVALID"}}]}), None),
            (400, json!({"errors": []}), None),
            (200, json!({"error": {"code": "maxlag"}}), Some(503)),
            (200, json!({"error": "x"}), Some(503)),
            (200, json!({"error": 0}), Some(503)),
            (200, json!({"error": true}), Some(503)),
            (200, json!({"error": {}}), None),
            (200, json!({"error": []}), None),
            (200, json!({"error": ""}), None),
            (200, json!({"error": false}), None),
            (200, json!({"error": null}), None),
        ] {
            assert_eq!(counts_as(&RULES, status, body.to_string().as_bytes()), expected, "{status} {body}");
        }
        assert_eq!(counts_as(&RULES, 200, b"{\"ok\": false"), None, "cut");
        let long = json!({"ok": false, "x": "x".repeat(MAX_BODY)});
        assert_eq!(counts_as(&RULES, 200, long.to_string().as_bytes()), None, "long");
    }

    #[test]
    fn only_json_of_these_statuses_and_no_longer_than_an_error_is_looked_at() {
        for (status, headers, expected) in [
            (200, &[][..], true),
            (204, &[("content-type", "application/json")], true),
            (400, &[("content-type", "Application/Problem+JSON; charset=utf-8")], true),
            (404, &[], false),
            (200, &[("content-type", "text/event-stream")], false),
            (200, &[("content-type", "application/octet-stream")], false),
            (200, &[("content-type", "application/x-ndjson")], false),
            (200, &[("content-length", "65536")], true),
            (200, &[("content-length", "65537")], false),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(*name, value.parse().unwrap());
            }
            assert_eq!(may_be_told(&RULES, status, &map), expected, "{status} {headers:?}");
            assert!(!may_be_told(&[], status, &map));
        }
    }
}
