//! Alternatives of a URL that lead to different paths.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, whole_urls};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0314", "ambiguous-fallback"),
    page: Page {
        checks: "Checks for a URL with `||` whose alternatives differ in their path.",
        why: "The first alternative that is complete is taken: the region decides the host, and should decide nothing else. Usually one of the \
              alternatives lost its path.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://${connectionConfig.region}.acme.example || https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    connection_config:
        region: {type: string, title: Region, description: Where your data is., pattern: '^[a-z]+$', optional: true}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://${connectionConfig.region}.acme.example/authorize || https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    connection_config:
        region: {type: string, title: Region, description: Where your data is., pattern: '^[a-z]+$', optional: true}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for site in whole_urls(subject) {
        let mut paths = site.text().split("||").map(|alternative| urls::path(alternative.trim()).trim_end_matches('/'));
        let Some(first) = paths.next() else { continue };
        let Some(other) = paths.find(|path| path.is_empty() != first.is_empty()) else { continue };
        // Alternatives of several services, or of a customer's own, each have their own path.
        let mut owners = site.text().split("||").map(|alternative| urls::owner(urls::host(alternative.trim())));
        let owner = owners.next().unwrap_or_default();
        if owner.is_empty() || owner.starts_with("${") || owners.any(|other| other != owner) {
            continue;
        }
        let shown = if first.is_empty() { other } else { first };
        report.at(&site.place, format!("only some alternatives have the path `{shown}`"), |found| {
            found.label("which one is taken should decide the host only").help("give each alternative its path")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, found};

    #[test]
    fn the_same_path_below_several_hosts_is_fine() {
        let of = |url: &str| {
            acme(&format!(
                "    auth_mode: NONE\n    proxy: {{base_url: '{url}'}}\n    connection_config: {{r: {{type: string, title: R, description: D.}}}}\n"
            ))
        };
        for (url, expected) in [
            ("https://${connectionConfig.r}.a.example/x || https://a.example/x", 0),
            ("https://${connectionConfig.r}.a.example || https://a.example/x", 1),
            ("${connectionConfig.r} || https://a.example/x", 0),
        ] {
            assert_eq!(found("ambiguous-fallback", &of(url)).len(), expected, "{url}");
        }
    }
}
