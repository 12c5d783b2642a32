//! A point in time read as a number of seconds.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0397", "retry-reset-as-relative"),
    page: Page {
        checks: "Checks for a header named `...-reset` under `proxy.retry.after`.",
        why: "Most `*-reset` headers hold the time at which the window ends. Read as seconds to wait, that is half a century; the runtime gives up. \
              Some vendors do send seconds there: if this one does, say with `keyway.retry.after_unit` what it counts.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        retry: {after: [x-ratelimit-reset]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        retry: {at: [x-ratelimit-reset]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let Some(after) = subject.get("proxy.retry.after").filter(|_| !subject.has("keyway.retry.after_unit")) else {
        return;
    };
    let names: Vec<&str> = match after.node.as_sequence() {
        Some(list) => list.iter().filter_map(|node| node.as_str()).collect(),
        None => after.node.as_str().into_iter().collect(),
    };
    // `-reset-after`, `-reset-in` and the IETF draft's `ratelimit-reset` hold seconds.
    let absolute =
        |name: &&str| name.to_ascii_lowercase().ends_with("-reset") && !name.eq_ignore_ascii_case("ratelimit-reset");
    if let Some(name) = names.into_iter().find(absolute) {
        report.at(&after, format!("`{name}` is usually a point in time"), |found| {
            found
                .label("read as seconds to wait")
                .help("put it under `at` if it is a time; else add `keyway: {retry: {after_unit: seconds}}`, or what it counts")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn headers_of_seconds_are_known() {
        for (name, expected) in
            [("x-ratelimit-reset", 1), ("retry-after", 0), ("ratelimit-reset", 0), ("x-reset-after", 0)]
        {
            let entry = format!("{CLEAN}        retry: {{after: [{name}]}}\n");
            assert_eq!(found("retry-reset-as-relative", &entry).len(), expected, "{name}");
            let said = format!("{entry}    keyway: {{retry: {{after_unit: seconds}}}}\n");
            assert_eq!(found("retry-reset-as-relative", &said).len(), 0, "{name}: its unit is said");
        }
    }
}
