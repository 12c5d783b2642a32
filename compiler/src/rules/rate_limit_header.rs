//! A header of `keyway.limits` whose name says something else than its key.

use super::lint::acme;
use super::retry_milliseconds::in_milliseconds;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, item, members};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use std::collections::HashSet;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0410", "rate-limit-header"),
    page: Page {
        checks: "Checks for a header under `keyway.limits` whose name says something else than its key, and for one that two keys or two limits read.",
        why: "A limit is spent where nothing is left, or as much is used as there is. The number of requests that are allowed never falls to 0, so \
              that a limit which reads it under `remaining` is never spent, and its wait is never made. Milliseconds read as seconds are a wait a \
              thousand times too long.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    keyway:
        limits: [{remaining: x-ratelimit-limit, reset: x-ratelimit-reset, reset_unit: instant}]
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
        limits: [{remaining: x-ratelimit-remaining, reset: x-ratelimit-reset, reset_unit: instant}]
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let Some(limits) = subject.get("keyway.limits") else { return };
    let mut read = HashSet::new();
    for (index, node) in limits.node.as_sequence().unwrap_or_default().iter().enumerate() {
        let keys = members(&item(&limits.path, index), node.as_mapping());
        let of = |key: &str| keys.iter().find(|place| place.name() == key);
        let unit = of("reset_unit").and_then(|unit| unit.node.as_str());
        for place in &keys {
            let Some(name) = place.node.as_str() else { continue };
            if let Some((message, label)) = contradiction(place, name, unit) {
                report.at(place, message, |found| {
                    found.label(label).help("name the header that the key is about, or mend the key")
                });
            }
        }
        if let (Some(used), Some(limit)) = (of("used"), of("limit"))
            && used.node.as_str() == limit.node.as_str()
        {
            report.at(limit, "`used` and `limit` are the same header", |found| {
                found.label("spent with every answer").help("name the header that says how much there is")
            });
        }
        if let Some((place, name)) =
            of("remaining").or_else(|| of("used")).and_then(|place| Some((place, place.node.as_str()?)))
            && !has_paths(&keys)
            && !read.insert(name)
        {
            report.at(place, format!("`{name}` is the header of another limit already"), |found| {
                found.label("spent together with that one").help("name the header of this limit, or remove the item")
            });
        }
    }
}

/// JSON may be about several limits.
fn has_paths(keys: &[Located<'_>]) -> bool {
    keys.iter().any(|place| place.name() == "paths")
}

/// The contradiction between the name of a header and its key, and what follows from it.
fn contradiction(place: &Located<'_>, name: &str, unit: Option<&str>) -> Option<(String, &'static str)> {
    let said = |wanted: &[Says]| says(name).filter(|said| wanted.contains(said)).map(Says::words);
    let (said, read, label) = match place.name() {
        "remaining" => {
            (said(&[Says::Limit, Says::Used, Says::Reset])?, "`remaining` as what is left", "never 0, or too early")
        }
        "used" => (said(&[Says::Left, Says::Reset])?, "`used` as what is used", "spent when it is full"),
        "limit" => (said(&[Says::Left, Says::Used, Says::Reset])?, "`limit` as how much there is", "no bound"),
        "reset" if in_milliseconds(name) && matches!(unit, Some("seconds" | "minutes" | "instant_seconds")) => {
            let unit = unit.unwrap_or_default();
            return Some((
                format!("`{name}` counts milliseconds, and `reset_unit` is `{unit}`"),
                "write `milliseconds` or `instant_milliseconds`",
            ));
        }
        "reset" => (said(&[Says::Left, Says::Used, Says::Limit])?, "`reset` as a time", "no time"),
        _ => return None,
    };
    Some((format!("`{name}` says {said}, and is read by {read}"), label))
}

/// The meaning of a header, as its name ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Left,
    Used,
    Limit,
    Reset,
}

impl Says {
    fn words(self) -> &'static str {
        match self {
            Says::Left => "what is left",
            Says::Used => "what is used",
            Says::Limit => "how much there is",
            Says::Reset => "when it is full again",
        }
    }
}

/// `x-ratelimit-remaining`, `x-usage`; `None` where the name leaves it open.
fn says(name: &str) -> Option<Says> {
    let name = name.to_ascii_lowercase();
    match name.rsplit(['-', '_', '.']).next()? {
        "remaining" | "left" | "available" => Some(Says::Left),
        "used" | "usage" | "consumed" => Some(Says::Used),
        "limit" | "max" | "maximum" | "quota" => Some(Says::Limit),
        "reset" => Some(Says::Reset),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn names_of_headers_are_held_against_their_keys() {
        for (limit, expected) in [
            (
                "{remaining: x-limit}",
                &["14:30 `x-limit` says how much there is, and is read by `remaining` as what is left"][..],
            ),
            (
                "{remaining: x-usage}",
                &["14:30 `x-usage` says what is used, and is read by `remaining` as what is left"],
            ),
            (
                "{used: x-remaining, limit: x-limit}",
                &["14:25 `x-remaining` says what is left, and is read by `used` as what is used"],
            ),
            (
                "{used: x-used, limit: x-reset}",
                &["14:40 `x-reset` says when it is full again, and is read by `limit` as how much there is"],
            ),
            ("{used: x-calls, limit: x-calls}", &["14:41 `used` and `limit` are the same header"]),
            (
                "{remaining: x-remaining, reset: x-remaining, reset_unit: instant}",
                &["14:50 `x-remaining` says what is left, and is read by `reset` as a time"],
            ),
            (
                "{remaining: x-remaining, reset: x-reset-ms, reset_unit: seconds}",
                &["14:50 `x-reset-ms` counts milliseconds, and `reset_unit` is `seconds`"],
            ),
            (
                "{remaining: x-remaining}, {remaining: x-remaining, wait: 60}",
                &["14:56 `x-remaining` is the header of another limit already"],
            ),
            ("{remaining: x-remaining, reset: x-reset-ms, reset_unit: milliseconds}", &[]),
            ("{used: x-ratelimit-usage, limit: x-ratelimit-limit, form: list}", &[]),
            ("{used: x-shop-api-call-limit, form: bucket, wait: 1}", &[]),
            ("{used: x-app-usage, form: json, paths: [a]}, {used: x-app-usage, form: json, paths: [b]}", &[]),
            ("{remaining: x-day-remaining}, {remaining: x-remaining}", &[]),
        ] {
            let entry = format!("{CLEAN}    keyway:\n        limits: [{limit}]\n");
            check("rate-limit-header", &entry, expected);
        }
    }
}
