//! A region nailed into one of several URLs.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, whole_urls};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0335", "region-hardcoded"),
    page: Page {
        checks: "Checks for a fixed host with a region in its name, beside URLs whose host the customer decides.",
        why: "Customers of other regions sign in at one place and are sent to another, which does not know them.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://login-us.acme.example/authorize
    token_url: https://${connectionConfig.team}.acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$'}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://${connectionConfig.team}.acme.example/authorize
    token_url: https://${connectionConfig.team}.acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    const REGIONS: [&str; 12] = ["us", "eu", "uk", "au", "ca", "na", "emea", "apac", "us1", "eu1", "us2", "eu2"];
    let varies = |text: &str| urls::host(text).contains("${connectionConfig");
    let Some(other) = whole_urls(subject).find(|site| varies(site.text())) else { return };
    for site in whole_urls(subject).filter(|site| !site.text().contains("||")) {
        let host = urls::host(site.text());
        let region = host.split(['.', '-']).find(|label| REGIONS.contains(label));
        let Some(region) = region.filter(|_| !host.contains('$')) else { continue };
        let message = format!("the host is in the region `{region}` for every customer");
        report.at(&site.place, message, |found| {
            found
                .label("a region by name")
                .secondary(other.node().span, "here the customer decides")
                .help("let the customer's value decide this host too")
        });
    }
}
