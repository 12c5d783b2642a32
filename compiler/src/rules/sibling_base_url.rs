//! A base URL that differs from its siblings.

use super::support::findings::Findings;
use super::support::subject::Subject;
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use std::collections::HashMap;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0332", "sibling-base-url"),
    page: Page {
        checks: "Checks for an entry on the same host as others of its name, with another path in its base URL.",
        why: "Callers move from one entry to its sibling (another way to sign in, another environment) and expect the same endpoints. With another \
              path, each call has to be rewritten.",
        fails: "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/api
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
acme-basic:
    display_name: Acme (basic)
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: BASIC
    credentials:
        username: {type: string, title: User, description: Its name.}
        password: {type: string, title: Password, description: Its password.}
    proxy:
        base_url: https://api.acme.example
        verification: {method: GET, endpoints: [/me]}
",
        mended: "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
acme-basic:
    display_name: Acme (basic)
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: BASIC
    credentials:
        username: {type: string, title: User, description: Its name.}
        password: {type: string, title: Password, description: Its password.}
    proxy:
        base_url: https://api.acme.example
        verification: {method: GET, endpoints: [/me]}
",
    },
    check: Check::Catalogue(check),
};

fn check(subjects: &[Subject<'_>], lint: &'static Lint, findings: &mut Findings) {
    let by_key: HashMap<&str, &Subject<'_>> =
        subjects.iter().map(|subject| (subject.entry.key.name.as_str(), subject)).collect();
    for subject in subjects {
        let key = subject.entry.key.name.as_str();
        // The sibling is the longest other key that this one continues: `acme` for `acme-basic`.
        let Some(sibling) = key.rmatch_indices('-').find_map(|(at, _)| by_key.get(key.get(..at)?)) else { continue };
        let (Some(base), Some(theirs)) = (subject.get("proxy.base_url"), sibling.get("proxy.base_url")) else {
            continue;
        };
        let (Some(ours), Some(other)) = (base.node.as_str(), theirs.node.as_str()) else { continue };
        let path = |url: &'_ str| urls::path(url).trim_matches('/').to_owned();
        let same_host = urls::host(ours) == urls::host(other);
        // `.../v1` beside `.../v2`, or a service of its own, is meant.
        if !same_host
            || ours.contains("||")
            || path(ours) == path(other)
            || !(path(ours).is_empty() || path(other).is_empty())
        {
            continue;
        }
        findings.of(&lint.rule, subject).at(
            &base,
            format!("`{}` has another path on the same host", sibling.entry.key.name),
            |found| {
                found
                    .label("endpoints differ between the two")
                    .secondary(theirs.node.span, "the sibling")
                    .help("use the same base URL in both")
            },
        );
    }
}
