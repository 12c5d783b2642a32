//! A host name where a path begins.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, whole_urls};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0329", "host-in-path"),
    page: Page {
        checks: "Checks for a value that is a whole host and is followed by a path that looks like a host name.",
        why: "In `https://${connectionConfig.team}/acme.com` the customer names the host and `acme.com` is a folder: a slash stands where a dot was \
              meant, and the request goes to the host that the value names.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.team}/acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., format: hostname}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.team}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    const ENDINGS: [&str; 7] = ["com", "net", "io", "org", "co", "app", "dev"];
    for site in whole_urls(subject) {
        for url in site.text().split("||").map(str::trim) {
            let first = urls::path(url).trim_start_matches('/').split('/').next().unwrap_or_default();
            let looks = first.rsplit_once('.').is_some_and(|(name, end)| !name.is_empty() && ENDINGS.contains(&end));
            if looks && urls::host(url).starts_with("${") {
                report.at(&site.place, format!("`{first}` stands in the path"), |found| {
                    found
                        .label("looks like the host this should go to")
                        .help("put a dot before it instead of the slash")
                });
            }
        }
    }
}
