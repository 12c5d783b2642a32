//! Milliseconds read as seconds.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, leaves};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0387", "retry-milliseconds"),
    page: Page {
        checks: "Checks for a header of milliseconds under `proxy.retry.after` that is read as seconds, and for a wait under `proxy.retry.at`.",
        why: "`after` is read as seconds unless `keyway.retry.after_unit` says otherwise: a wait of two seconds in milliseconds is half an hour, \
              which the runtime does not wait. `at` is read as an instant: a number of seconds there lies in 1970 and is passed over. \
              `Retry-After` is read without being named, so the header can often be left out.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        retry: {after: [retry-after-ms]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        retry: {after: [retry-after-ms]}
    keyway:
        retry: {after_unit: milliseconds}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let has_unit = subject.has("keyway.retry.after_unit");
    for name in headers(subject, "proxy.retry.after").into_iter().filter(|_| !has_unit) {
        let text = name.node.as_str().unwrap_or_default();
        if in_milliseconds(text) {
            report.at(&name, format!("`{text}` counts milliseconds, and `after` is read as seconds"), |found| {
                let found = found.label("a thousand times too long");
                if text.to_ascii_lowercase().contains("reset") {
                    found.help(
                        "put it under `at` if it is an instant; otherwise add `keyway: {retry: {after_unit: milliseconds}}`",
                    )
                } else {
                    found.help(
                        "add `keyway: {retry: {after_unit: milliseconds}}`, or name a header of seconds; `retry-after` is read by itself",
                    )
                }
            });
        }
    }
    for name in headers(subject, "proxy.retry.at") {
        let text = name.node.as_str().unwrap_or_default();
        if is_wait(text) {
            report.at(&name, format!("`{text}` is a wait, and `at` is read as an instant"), |found| {
                found.label("a time in 1970, which is passed over").help(
                    "put it under `after`; `keyway.retry.after_unit` says what it counts, and `retry-after` is read by itself",
                )
            });
        }
    }
    let path = subject.get("proxy.retry.in_body.path").filter(|_| !subject.has("keyway.retry.in_body_unit"));
    if let Some(path) = path.filter(|_| subject.text("proxy.retry.in_body.strategy") == Some("after")) {
        let text = path.node.as_str().unwrap_or_default();
        if text.rsplit('.').next().is_some_and(in_milliseconds) {
            report.at(&path, format!("`{text}` counts milliseconds, and `after` is read as seconds"), |found| {
                found
                    .label("a thousand times too long")
                    .help("add `keyway: {retry: {in_body_unit: milliseconds}}`, or name a member with seconds")
            });
        }
    }
}

/// The names of headers under a key, one or several.
pub(super) fn headers<'e>(subject: &Subject<'e>, key: &str) -> Vec<Located<'e>> {
    let mut names = Vec::new();
    if let Some(place) = subject.get(key) {
        leaves(place, &mut names);
    }
    names
}

/// `retry-after-ms`, `retryAfterMs`, `wait_milliseconds`.
pub(super) fn in_milliseconds(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let words = ["ms", "msec", "msecs", "millis", "milliseconds", "millisecond"];
    lower.split(['-', '_', '.']).any(|word| words.contains(&word)) || name.ends_with("Ms") || lower.ends_with("millis")
}

/// `retry-after` and what ends like it, in any unit.
fn is_wait(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["retry-after", "retry-after-ms", "retry-in", "reset-after", "reset-in"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn the_unit_is_in_the_name() {
        for (retry, expected) in [
            (
                "after: retry-after-ms",
                Some("13:24 `retry-after-ms` counts milliseconds, and `after` is read as seconds"),
            ),
            (
                "after: [retry-after, x-ratelimit-reset-ms]",
                Some("13:38 `x-ratelimit-reset-ms` counts milliseconds, and `after` is read as seconds"),
            ),
            ("at: [retry-after]", Some("13:22 `retry-after` is a wait, and `at` is read as an instant")),
            (
                "in_body: {path: error.retryAfterMs, value: '(.+)', strategy: after}",
                Some("13:33 `error.retryAfterMs` counts milliseconds, and `after` is read as seconds"),
            ),
            ("at: [x-ratelimit-reset-ms]", None),
            ("after: [x-items, x-rate-limit-reset-after]", None),
            ("in_body: {path: error.retry_at_ms, value: '(.+)', strategy: at}", None),
        ] {
            let entry = format!("{CLEAN}        retry: {{{retry}}}\n");
            check("retry-milliseconds", &entry, &expected.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_unit_that_is_said_is_believed() {
        for (retry, unit) in [
            ("after: retry-after-ms", "after_unit: milliseconds"),
            ("in_body: {path: error.retryAfterMs, value: '(.+)', strategy: after}", "in_body_unit: milliseconds"),
        ] {
            let entry = format!("{CLEAN}        retry: {{{retry}}}\n    keyway:\n        retry: {{{unit}}}\n");
            check("retry-milliseconds", &entry, &[]);
        }
    }
}
