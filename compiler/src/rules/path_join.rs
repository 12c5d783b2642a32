//! A slash too many.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Subject, leaves};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule, Severity};

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0326", "path-join"),
    page: Page {
        checks: "Checks for slashes that a base URL has twice or at its end, for an endpoint of a verification that repeats the path of the \
                 base, and for one that begins with `?` or `&`. One without a slash at its beginning is a note.",
        why: "One slash joins the base with the endpoint of a call, whatever the two of them bring along. A slash at the end of the \
              base says nothing, and readers of the format that join texts make two of it. `/v1` behind a base that ends in `/v1` asks \
              for `/v1/v1`. Behind a base with a path a query alone is asked at that path by some readers and at the path with a \
              slash by others: write the last part of the path into the endpoint.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/v1/
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/v1
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for path in ["proxy.base_url", "proxy.verification.base_url_override"] {
        let Some(base) = subject.get(path) else { continue };
        let Some(text) = base.node.as_str() else { continue };
        let behind = text.find("://").map_or(0, |at| at + 3);
        let doubled = text.get(behind..).and_then(|path| path.find("//")).map(|at| at + behind);
        if let Some(at) = doubled.filter(|_| !text.contains("||")) {
            let span = base.node.text_span(at..at + 2);
            report.spanned(&base.path, span, "the base URL has two slashes in a row", |found| {
                found.label("an empty part of the path").help("leave one of them")
            });
        } else if text.ends_with('/') && !text.ends_with("//") {
            let span = base.node.text_span(text.len() - 1..text.len());
            report.spanned(&base.path, span, "the base URL ends with a slash", |found| {
                let fix = fixes::replace(&base, text.len() - 1..text.len(), "", "remove the slash");
                found.label("endpoints bring their own").help("remove it").offer(fix)
            });
        }
    }
    endpoints(subject, report);
}

/// Each endpoint of the verification behind its base.
fn endpoints(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let base = subject.text("proxy.verification.base_url_override").or_else(|| subject.text("proxy.base_url"));
    let base = base.filter(|base| !base.contains("||")).map_or("", |base| urls::path(base).trim_matches('/'));
    let endpoints = ["proxy.verification.endpoints", "proxy.verification.endpoint"];
    let mut places = Vec::new();
    endpoints.iter().filter_map(|path| subject.get(path)).for_each(|place| leaves(place, &mut places));
    for place in places {
        let text = place.node.as_str().unwrap_or_default();
        if let Some(query) = text.strip_prefix('?').filter(|query| !query.is_empty()) {
            if base.is_empty() {
                report.at(&place, "the endpoint has no path", |found| {
                    note(found.label("a query alone").help(format!("write `/?{query}`")))
                });
            } else {
                let last = base.rsplit('/').next().unwrap_or_default();
                report.at(&place, "the endpoint is a query behind a base with a path", |found| {
                    found
                        .label("asked with a slash in front by some readers, and without by others")
                        .help(format!("end the base before `/{last}`, and write `/{last}?{query}`"))
                });
            }
        } else if text.starts_with('&') {
            report.at(&place, "the endpoint begins with `&`", |found| {
                found.label("becomes a part of the path").help("begin a query with `?`, behind a path")
            });
        } else if let Some(repeated) = repeated(base, text) {
            report.at(&place, format!("the endpoint repeats `/{repeated}` of the base URL"), |found| {
                found.label("asked twice in the path").help("leave it to one of them")
            });
        } else if !text.is_empty() && !text.starts_with(['/', '?', '#', '$']) && !text.contains("://") {
            report.at(&place, "the endpoint begins without a slash", |found| {
                note(found.label("joined with one all the same").help(format!("write `/{text}`, as other entries do")))
            });
        }
    }
}

fn note(found: Diagnostic) -> Diagnostic {
    Diagnostic { severity: Severity::Note, ..found }
}

/// The path of the base, or its last part, where an endpoint begins with it as well.
fn repeated<'b>(base: &'b str, endpoint: &str) -> Option<&'b str> {
    let path = endpoint.split('?').next().unwrap_or_default().trim_start_matches('/');
    let is_start = |part: &&str| {
        !part.is_empty() && path.strip_prefix(*part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let last = base.rsplit('/').next().filter(|last| !last.contains("${"));
    // A resource may have the name of the API: `/me/me` is one, `/v1/v1` is none.
    let is_common = |part: &&str| {
        let number = part.strip_prefix('v').unwrap_or(part);
        matches!(*part, "api" | "rest" | "scim") || number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    Some(base).filter(|base| base.contains('/')).filter(is_start).or_else(|| last.filter(is_common).filter(is_start))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, acme, check, found};

    #[test]
    fn slashes_of_a_base_are_single() {
        let of = |url: &str| acme(&format!("    auth_mode: NONE\n    proxy: {{base_url: '{url}'}}\n"));
        check("path-join", &of("https://a.example/v1"), &[]);
        check("path-join", &of("https://a.example/"), &["6:41 the base URL ends with a slash"]);
        let doubled = "the base URL has two slashes in a row";
        check("path-join", &of("https://a.example//v1"), &[&format!("6:41 {doubled}")]);
        check("path-join", &of("https://a.example/v1//"), &[&format!("6:44 {doubled}")]);
        check("path-join", &of("https://a.example/v1 || https://b.example/v1"), &[]);
    }

    #[test]
    fn an_endpoint_continues_the_base() {
        for (base, endpoint, expected) in [
            ("/v1", "/v1/me", Some("repeats `/v1`")),
            ("/v1", "v1/me", Some("repeats `/v1`")),
            ("/api/v2", "/api/v2/me", Some("repeats `/api/v2`")),
            ("/api/v2", "/v2/me", Some("repeats `/v2`")),
            ("/rest/api", "/api/3/me", Some("repeats `/api`")),
            ("/scim", "/scim/v2/Users", Some("repeats `/scim`")),
            ("/v1", "?query=me", Some("a query behind a base with a path")),
            ("/graphql", "?query=%7Bme%7D", Some("a query behind a base with a path")),
            ("", "?action=me", Some("has no path")),
            ("/rest", "&action=me", Some("begins with `&`")),
            ("", "users.me", Some("without a slash")),
            ("/v1", "users/me", Some("without a slash")),
            ("", "/me", None),
            ("/v1", "/me", None),
            ("/v1", "/v10/me", None),
            ("/v1", "/v2/me", None),
            ("/v1", "/?action=me", None),
            ("/acme", "/acme/me", None),
            ("/v1/acme", "/me/v1", None),
            ("/v1", "/me?path=/v1", None),
        ] {
            let base = format!("https://api.acme.example{base}");
            let entry = CLEAN.replace("https://api.acme.example", &base).replace("[/me]", &format!("['{endpoint}']"));
            let found = found("path-join", &entry);
            assert_eq!(found.len(), usize::from(expected.is_some()), "{base} {endpoint}: {found:?}");
            assert!(expected.is_none_or(|text| found.iter().any(|found| found.contains(text))), "{found:?}");
        }
    }
}
