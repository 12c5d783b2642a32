//! A part of `proxy.retry` that never applies.

use super::lint::acme;
use super::retry_milliseconds::headers;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0409", "unread-retry"),
    page: Page {
        checks: "Checks for a part of `proxy.retry` that never applies: a number where the name of a header is wanted, a header that counts \
                 requests, a status that is never tried again, a regular expression without a group.",
        why: "`after` and `at` name headers of the answer; a wait that stands there itself is the name of a header that no answer has. What is left \
              of a quota is no time. Successes are never tried again, whatever their status. The wait in a body is the first group of \
              `value`: without one there is none.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        retry: {after: '60'}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    keyway:
        retry: {wait: 60}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for key in ["after", "at"] {
        for name in headers(subject, &format!("proxy.retry.{key}")) {
            let text = name.node.as_str().unwrap_or_default();
            if is_duration(text) {
                report.at(&name, format!("`{text}` is read as the name of a header"), |found| {
                    let found = found.label("no answer has a header of this name");
                    found.help(
                        "name the header that holds the wait; one that no answer names is `keyway: {retry: {wait: 60}}`",
                    )
                });
            } else if is_count(text) {
                report.at(&name, format!("`{text}` counts requests, and `{key}` is read as a time"), |found| {
                    found
                        .label("no time")
                        .help("name the header that says when the quota begins anew; `remaining` takes this one")
                });
            }
        }
    }
    for status in headers(subject, "proxy.retry.error_code") {
        let text = status.node.as_str().unwrap_or_default();
        if text.starts_with(['1', '2']) && text.rsplit('-').next().is_some_and(|last| last.starts_with(['1', '2'])) {
            report.at(&status, format!("`{text}` is never tried again"), |found| {
                found.label("no failure").help("remove it; only statuses from 300 on are failures")
            });
        }
    }
    if let Some(value) = subject.get("proxy.retry.in_body.value")
        && let Some(text) = value.node.as_str()
        && !has_group(text)
    {
        report.at(&value, format!("`{text}` has no group"), |found| {
            found.label("the wait is the first group").help("put parentheses around the wait: `after (\\d+)`")
        });
    }
}

/// `60`, `1.5`, `30s`: a wait itself.
fn is_duration(text: &str) -> bool {
    let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    rest.len() < text.len() && ["", "s", "m", "ms", "sec", "seconds", "min"].contains(&rest)
}

/// `x-ratelimit-remaining`, `x-ratelimit-limit`.
fn is_count(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("-remaining")
        || name.ends_with("-limit")
        || name.ends_with("_remaining")
        || name == "x-ratelimit-used"
}

/// True if a regular expression has a group that takes what it matches.
fn has_group(pattern: &str) -> bool {
    let mut letters = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class && letters.peek() != Some(&'?') => return true,
            '(' if !in_class => {
                let name: String = letters.clone().skip(1).take(2).collect();
                if name.starts_with('<') && !name.starts_with("<=") && !name.starts_with("<!") {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::has_group;
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn what_never_applies_is_said() {
        for (retry, expected) in [
            ("after: 60s", Some("13:24 `60s` is read as the name of a header")),
            (
                "after: [x-ratelimit-remaining]",
                Some("13:25 `x-ratelimit-remaining` counts requests, and `after` is read as a time"),
            ),
            ("error_code: ['2xx', '429']", Some("13:30 `2xx` is never tried again")),
            ("error_code: ['200-204']", Some("13:30 `200-204` is never tried again")),
            ("in_body: {path: error, value: after, strategy: after}", Some("13:47 `after` has no group")),
            ("after: x-60, remaining: x-ratelimit-remaining", None),
            ("error_code: ['200-599', '5xx']", None),
        ] {
            let entry = format!("{CLEAN}        retry: {{{retry}}}\n");
            check("unread-retry", &entry, &expected.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn groups_that_take_nothing_are_none() {
        for (pattern, expected) in [
            (r"after (\d+)", true),
            (r"after (?<wait>\d+)", true),
            (r"after (?:\d+)", false),
            (r"(?<=after )\d+", false),
            (r"\(\d+\)", false),
            ("[(]", false),
        ] {
            assert_eq!(has_group(pattern), expected, "{pattern}");
        }
    }
}
