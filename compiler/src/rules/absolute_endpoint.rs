//! An endpoint of a probe that names a host.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Located, Subject};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::template::url::parts;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0316", "absolute-endpoint"),
    page: Page {
        checks: "Checks for an endpoint of `proxy.verification` that is a whole URL.",
        why: "An endpoint never names a host: a URL elsewhere becomes a path of the base, `https://api.acme.example/https://...`, and the probe \
              fails for every credential. A URL below the base is taken as the path that it continues with, so that one is a warning: it goes \
              wrong when the base is changed alone. The base of a probe on another host is its `base_url_override`.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: ['https://login.acme.example/me']}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me], base_url_override: 'https://login.acme.example'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let base = subject.get("proxy.verification.base_url_override").or_else(|| subject.get("proxy.base_url"));
    let Some((base, text)) = base.as_ref().and_then(|base| Some((base, base.node.as_str()?))) else { return };
    let of_probe = |place: &Located<'_>| place.path.iter().any(|part| part == "endpoints");
    for site in subject.templates().iter().filter(|site| of_probe(&site.place)) {
        let endpoint = site.text();
        if !urls::is_absolute(endpoint) {
            continue;
        }
        if let Some(base) = text.split("||").map(str::trim).find(|base| is_below(endpoint, base)) {
            repeated(&site.place, endpoint, base, report);
            continue;
        }
        report.at(&site.place, format!("`{endpoint}` is not below the base URL"), |found| {
            found
                .label("becomes a path of the base")
                .secondary(base.node.span, "the base that it is put below")
                .help("write the path alone; where the probe is on another host, name that one in `base_url_override`")
        });
    }
}

/// An endpoint that repeats the base.
fn repeated(place: &Located<'_>, endpoint: &str, base: &str, report: &mut Reporter<'_, '_>) {
    let base = base.strip_suffix('/').unwrap_or(base);
    let is_path = endpoint.strip_prefix(base).is_some_and(|rest| rest.starts_with('/'));
    report.at(place, format!("`{endpoint}` repeats the base URL"), |found| {
        let fix = fixes::replace(place, 0..base.len(), "", "write the path alone").filter(|_| is_path);
        let found = found.label("taken as the path behind the base").help("write the path alone").offer(fix);
        Diagnostic { severity: Severity::Warning, ..found }
    });
}

/// True if the runtime takes an absolute endpoint for a path of the base.
fn is_below(endpoint: &str, base: &str) -> bool {
    let base = base.strip_suffix('/').unwrap_or(base);
    if endpoint.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#'])) {
        return true;
    }
    let (Some(endpoint), Some(base)) = (parts(endpoint), parts(base)) else { return false };
    let below = endpoint.2.strip_prefix(base.2.trim_end_matches('/'));
    (endpoint.0, endpoint.1) == (base.0, base.1) && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn a_url_elsewhere_is_an_error_and_one_below_the_base_a_warning() {
        for (base, endpoint, expected) in [
            ("https://api.acme.example", "/me", None),
            ("https://api.acme.example", "https://api.acme.example/me", Some("repeats the base URL")),
            ("https://api.acme.example", "HTTPS://API.acme.example:443/me", Some("repeats the base URL")),
            ("https://api.acme.example/v1", "https://api.acme.example/v1?x=1", Some("repeats the base URL")),
            ("https://api.acme.example/v1", "https://api.acme.example/v2/me", Some("is not below the base URL")),
            ("https://api.acme.example", "http://api.acme.example/me", Some("is not below the base URL")),
            ("https://api.acme.example", "https://api.acme.example.evil.example/me", Some("is not below the base URL")),
            ("https://api.acme.example", "https://other.example/me", Some("is not below the base URL")),
            (
                "https://${connectionConfig.x}.acme.com",
                "https://${connectionConfig.x}.acme.com/me",
                Some("repeats the base URL"),
            ),
            ("https://${connectionConfig.x}.acme.com", "https://eu.acme.com/me", Some("is not below the base URL")),
            (
                "https://${connectionConfig.x}.acme.com || https://acme.com",
                "https://acme.com/me",
                Some("repeats the base URL"),
            ),
        ] {
            let entry = CLEAN.replace("https://api.acme.example", base).replace("[/me]", &format!("['{endpoint}']"));
            let found = found("absolute-endpoint", &entry);
            let said = found.first().and_then(|found| found.split_once("` ")).map(|(_, said)| said);
            assert_eq!(said, expected, "{base} {endpoint}");
        }
    }
}
