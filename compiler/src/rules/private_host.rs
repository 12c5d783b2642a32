//! A URL that leads to the reader's own machine or network.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::support::urls::Faulty;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::template::url::Weight;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0383", "private-host"),
    page: Page {
        checks: "Checks for `localhost` and for a private address as the host of a URL.",
        why: "Only your own machine or network has that host. The runtime sends no call to a private address unless its operator allows them, which tests do.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://192.168.1.20/api
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
    let private = |faulty: &&Faulty<'_>| !faulty.is_link && faulty.fault.weight == Weight::Private;
    for Faulty { place, fault, .. } in subject.faulty().iter().filter(private) {
        report.spanned(&place.path, place.node.text_span(fault.range.clone()), fault.message.clone(), |found| {
            found.label("not on the public internet").help(fault.help.clone())
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn addresses_are_known_in_both_versions() {
        for (host, expected) in [
            ("8.8.8.8", &[][..]),
            ("'[2606:4700::1111]'", &[]),
            ("localhost:8080", &["7:27 `localhost` is this machine's own"]),
            ("10.0.0.1", &["7:27 the address `10.0.0.1` is private"]),
            ("'[::1]:8443'", &["7:28 the address `::1` is this machine's own"]),
        ] {
            let url = match host.strip_prefix('\'') {
                Some(rest) => format!("'https://{rest}"),
                None => format!("https://{host}"),
            };
            check("private-host", &CLEAN.replace("https://api.acme.example", &url), expected);
        }
    }
}
