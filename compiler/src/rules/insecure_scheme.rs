//! A URL or a pattern that lets a credential travel unencrypted.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Subject, input_fields, whole_urls};
use super::support::templates::TemplateSite;
use super::{Check, Lint, Page};
use crate::diagnostic::{Fix, Rule};

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0328", "insecure-scheme"),
    page: Page {
        checks: "Checks for `http:` in a URL, and for a pattern that accepts it.",
        why: "Every host on the way can read the credential, so the runtime sends nothing over `http:` unless the \
              operator allows it. A pattern with `https?` lets customers enter what is refused later, where the customer \
              cannot see why.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: http://api.acme.example
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
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for site in whole_urls(subject).filter(|site| site.text().contains("http://")) {
        report.at(&site.place, "a URL without encryption", |found| {
            found.label("every host on the way can read along").help("write `https://`").offer(encrypted(site))
        });
    }
    for field in input_fields(subject) {
        let pattern = field.text("pattern");
        let accepts =
            pattern.starts_with("^https?:") || pattern.starts_with("^(https?:") || pattern.starts_with("^http:");
        let Some(place) = field.at("pattern").filter(|_| accepts) else { continue };
        report.at(&place, format!("`{}` accepts a URL without encryption", field.name()), |found| {
            let fix = match pattern.find("https?:") {
                Some(at) => fixes::replace(&place, at + 5..at + 6, "", "match `https:` only"),
                None => fixes::replace(&place, 5..5, "s", "match `https:` only"),
            };
            found.label("also matches `http:`").help("match `https:` only").offer(fix)
        });
    }
}

/// The URL with `https:`; a server on the same machine may have no certificate.
fn encrypted(site: &TemplateSite<'_>) -> Option<Fix> {
    let behind = site.text().strip_prefix("http://")?;
    let local = ["localhost", "127.", "[::1]"].iter().any(|host| behind.starts_with(host));
    let only = !local && !behind.contains("http://");
    fixes::replace(&site.place, 4..4, "s", "write `https://`").filter(|_| only)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn patterns_count_too() {
        let of = |pattern: &str| {
            let base = CLEAN.replace("https://api.acme.example", "${connectionConfig.x}");
            format!(
                "{base}    connection_config:\n        x: {{type: string, title: T, description: D., pattern: '{pattern}'}}\n"
            )
        };
        check("insecure-scheme", &of("^https://[a-z.]+$"), &[]);
        check("insecure-scheme", &of("^https?://[a-z.]+$"), &["14:63 `x` accepts a URL without encryption"]);
    }
}
