//! A slash too many.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0326", "path-join"),
    page: Page {
        checks: "Checks for a base URL that ends with a slash.",
        why: "One slash joins the base with the endpoint of a call, whatever the two of them bring along. A slash at the end of the \
              base says nothing, and readers of the format that join texts make two of it.",
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
        let Some(text) = base.node.as_str().filter(|text| text.ends_with('/') && !text.ends_with("//")) else {
            continue;
        };
        let span = base.node.text_span(text.len() - 1..text.len());
        report.spanned(&base.path, span, "the base URL ends with a slash", |found| {
            let fix = fixes::replace(&base, text.len() - 1..text.len(), "", "remove the slash");
            found.label("endpoints bring their own").help("remove it").offer(fix)
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn only_the_end_counts() {
        let of = |url: &str| acme(&format!("    auth_mode: NONE\n    proxy: {{base_url: {url}}}\n"));
        check("path-join", &of("https://a.example/v1"), &[]);
        check("path-join", &of("https://a.example/"), &["6:40 the base URL ends with a slash"]);
    }
}
