//! A look-up at a host that is not the vendor's.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, whole_urls};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use keyway_format::host_pattern::HostPattern;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0421", "lookup-host"),
    page: Page {
        checks: "Checks for a look-up at a host that no other URL of the entry names.",
        why: "A look-up carries the customer's credential, and what it answers decides where calls go. Its host should be one that \
              the entry has for signing in or for the API anyway; another one is a slip, or has to be vouched for under \
              `keyway.hosts`.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example/${connectionConfig.site}'}
    connection_config:
        site: {type: string, title: Site, description: The site that is connected., automated: true}
    keyway:
        lookups:
            - {url: 'https://api.acme-sites.example/sites', items: sites, choose: {value: id, label: name}, set: {site: id}}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example/${connectionConfig.site}'}
    connection_config:
        site: {type: string, title: Site, description: The site that is connected., automated: true}
    keyway:
        lookups:
            - {url: 'https://api.acme.example/sites', items: sites, choose: {value: id, label: name}, set: {site: id}}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let vouched = subject.get("keyway.hosts");
    let vouched = vouched.as_ref().and_then(|place| place.node.as_sequence()).unwrap_or_default();
    let vouched: Vec<HostPattern> = vouched.iter().filter_map(|item| HostPattern::parse(item.as_str()?).ok()).collect();
    let is_lookup = |path: &[std::borrow::Cow<'_, str>]| path.iter().take(2).eq(["keyway", "lookups"].iter());
    let mut known: Vec<&str> = Vec::new();
    for site in whole_urls(subject).filter(|site| !is_lookup(&site.place.path)) {
        known.extend(each(site.text()).map(urls::host));
    }
    for site in whole_urls(subject).filter(|site| is_lookup(&site.place.path)) {
        let foreign = each(site.text()).map(urls::host).find(|host| {
            let vouched = vouched.iter().any(|pattern| pattern.matches(&host.to_ascii_lowercase()));
            !host.is_empty() && !known.contains(host) && !vouched
        });
        if let Some(host) = foreign {
            report.at(&site.place, format!("`{host}` is no host of the entry"), |found| {
                let help = format!(
                    "look it up at the host of `token_url` or `proxy.base_url`, or list `{host}` under `keyway.hosts`"
                );
                found.label("gets the customer's credential").help(help)
            });
        }
    }
}

/// The URLs of a text that may hold several.
fn each(text: &str) -> impl Iterator<Item = &str> {
    text.split("||").map(str::trim)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn a_host_is_one_of_the_others() {
        let of = |url: &str, more: &str| {
            let lookup = format!("{{url: '{url}', set: {{site: id}}}}");
            acme(&format!(
                "    auth_mode: OAUTH2\n    token_url: https://login.acme.example/t\n    proxy: {{base_url: 'https://${{connectionConfig.x}}.acme.example'}}\n    keyway: {{{more}lookups: [{lookup}]}}\n"
            ))
        };
        for (url, more, expected) in [
            ("https://login.acme.example/me", "", &[][..]),
            ("https://${connectionConfig.x}.acme.example/me", "", &[]),
            ("https://me.acme.example/me", "", &["8:30 `me.acme.example` is no host of the entry"]),
            ("https://login.acme.example/a || https://b.example/b", "", &["8:30 `b.example` is no host of the entry"]),
            ("https://Me.acme.example/me", "hosts: [me.acme.example], ", &[]),
        ] {
            check("lookup-host", &of(url, more), expected);
        }
    }
}
