//! An endpoint of a probe that names a host.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Place, Subject};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::template::url::parts;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0316", "absolute-endpoint"),
    page: Page {
        checks: "Checks for an endpoint of `proxy.verification` that is a whole URL and not below the base URL.",
        why: "An endpoint never names a host: a URL elsewhere becomes a path of the base, `https://api.acme.example/https://...`, and the probe \
              fails for every credential. A URL below the base is taken as the path that it continues with. The base of a probe on another host \
              is its `base_url_override`.",
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
    let of_probe = |place: &Place<'_>| place.path.iter().any(|part| part == "endpoints");
    for placed in subject.templates().iter().filter(|placed| of_probe(&placed.place)) {
        let endpoint = placed.text();
        if !urls::is_absolute(endpoint) || text.split("||").any(|base| is_below(endpoint, base.trim())) {
            continue;
        }
        report.at(&placed.place, format!("`{endpoint}` is not below the base URL"), |found| {
            found
                .label("becomes a path of the base")
                .secondary(base.node.span, "the base that it is put below")
                .help("write the path alone; where the probe is on another host, name that one in `base_url_override`")
        });
    }
}

/// Whether the runtime takes an absolute endpoint for a path of the base.
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
    fn a_url_below_the_base_is_a_path() {
        for (base, endpoint, is_found) in [
            ("https://api.acme.example", "/me", false),
            ("https://api.acme.example", "https://api.acme.example/me", false),
            ("https://api.acme.example", "HTTPS://API.acme.example:443/me", false),
            ("https://api.acme.example/v1", "https://api.acme.example/v1?x=1", false),
            ("https://api.acme.example/v1", "https://api.acme.example/v2/me", true),
            ("https://api.acme.example", "http://api.acme.example/me", true),
            ("https://api.acme.example", "https://api.acme.example.evil.example/me", true),
            ("https://api.acme.example", "https://other.example/me", true),
            ("https://${connectionConfig.x}.acme.com", "https://${connectionConfig.x}.acme.com/me", false),
            ("https://${connectionConfig.x}.acme.com", "https://eu.acme.com/me", true),
            ("https://${connectionConfig.x}.acme.com || https://acme.com", "https://acme.com/me", false),
        ] {
            let entry = CLEAN.replace("https://api.acme.example", base).replace("[/me]", &format!("['{endpoint}']"));
            assert_eq!(!found("absolute-endpoint", &entry).is_empty(), is_found, "{base} {endpoint}");
        }
    }
}
