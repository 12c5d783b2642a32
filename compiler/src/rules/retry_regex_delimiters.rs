//! A regular expression with the slashes of another language around it.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0398", "retry-regex-delimiters"),
    page: Page {
        checks: "Checks for slashes around the regular expression of `proxy.retry.in_body.value`.",
        why: "The value is the expression itself. Other readers search the response for the slashes too, find none \
              and never read the wait. The runtime takes a slash at both ends away, but not where letters follow it, \
              as in `/after (\\d+)/i`.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        retry: {in_body: {path: error.message, value: '/after (\\d+)/', strategy: after}}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        retry: {in_body: {path: error.message, value: 'after (\\d+)', strategy: after}}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let Some(value) = subject.get("proxy.retry.in_body.value") else { return };
    let Some(text) = value.node.as_str() else { return };
    let inside =
        text.strip_prefix('/').and_then(|text| text.trim_end_matches(['g', 'i', 'm', 's', 'u', 'y']).strip_suffix('/'));
    let Some(inside) = inside.filter(|inside| !inside.is_empty()) else { return };
    report.at(&value, format!("`{text}` has slashes around it"), |found| {
        // Letters after the last slash may mean something that only their author knows.
        let bare = text.len() == inside.len() + 2;
        let edits = [fixes::edit(&value, 0..1, ""), fixes::edit(&value, text.len() - 1..text.len(), "")];
        let fix = fixes::all("remove the slashes", edits).filter(|_| bare);
        found.label("the slashes belong to another language").help(format!("write `{inside}`")).offer(fix)
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn slashes_inside_are_meant() {
        let of = |value: &str| {
            format!("{CLEAN}        retry: {{in_body: {{path: a, value: '{value}', strategy: after}}}}\n")
        };
        check("retry-regex-delimiters", &of("a/b (.+)"), &[]);
        check("retry-regex-delimiters", &of("/a (.+)/i"), &["13:43 `/a (.+)/i` has slashes around it"]);
    }
}
