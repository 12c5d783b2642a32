//! A version nailed to the base URL.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::note("KW0333", "versioned-base-url"),
    page: Page {
        checks: "Checks for a path of `proxy.base_url` that ends in a version.",
        why: "An endpoint is always below the base URL, so calls reach another version of the API only with a \
              base-URL override. With the version in the endpoints, each call says which one it was written for.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/v1
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/v1/me]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let Some(base) = subject.get("proxy.base_url") else { return };
    let text = base.node.as_str().unwrap_or_default();
    for alternative in text.split("||").map(str::trim) {
        let Some(version) = urls::path(alternative).trim_end_matches('/').rsplit('/').next() else { continue };
        if is_version(version) {
            report.at(&base, format!("the base URL ends in the version `{version}`"), |found| {
                found.label("every call is bound to it").help("leave it to the endpoints, the probe's included")
            });
            return;
        }
    }
}

/// `v2`, `v2.1`, `2.0`, `v1beta`.
fn is_version(part: &str) -> bool {
    let number = part.strip_prefix(['v', 'V']).unwrap_or(part);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let rest = number.get(digits..).unwrap_or_default();
    let marked = number.len() < part.len() || rest.starts_with('.');
    let plain = rest.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit());
    marked && (1..=3).contains(&digits) && (plain || ["alpha", "beta"].iter().any(|stage| rest.starts_with(stage)))
}

#[cfg(test)]
mod tests {
    use super::is_version;

    #[test]
    fn versions_are_told_from_names() {
        for (part, expected) in [("v1", true), ("v2.1", true), ("2.0", true), ("v1beta", true), ("V3", true)] {
            assert_eq!(is_version(part), expected, "{part}");
        }
        for part in ["api", "2", "video", "v", "", "v2api", "2024-01"] {
            assert!(!is_version(part), "{part}");
        }
    }
}
