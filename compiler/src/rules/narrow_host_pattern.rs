//! A pattern that refuses hosts that customers really have.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields, whole_urls};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::patterns::Studied;
use keyway_spec::Position;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0339", "narrow-host-pattern"),
    page: Page {
        checks: "Checks for a field that is a whole host and refuses a port or a path, in an API that customers run themselves.",
        why: "Who runs a product on an own server runs it at `wiki.example.com:8443` or `example.com/wiki` too. Whether a pattern allows that is \
              tried, not guessed.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.site}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        site: {type: string, title: Site, description: The domain of your self-hosted instance., format: hostname, example: wiki.example.com}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.site}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        site: {type: string, title: Site, description: The domain of your self-hosted instance., pattern: '^[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*/?$', example: wiki.example.com}
"
        ),
    },
    check: Check::Entry(check),
};

/// Words that show that customers run the product themselves.
const OWN_SERVER: [&str; 8] =
    ["self-hosted", "self hosted", "data center", "data-center", "on-prem", "on prem", "server", "own server"];

/// Hosts that a self-hosted product has.
const HOSTS: [(&str, &str); 4] = [
    ("wiki.example.com", "a host"),
    ("Wiki.Example.com", "capital letters"),
    ("wiki.example.com:8443", "a port"),
    ("example.com/wiki", "a path"),
];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let name = subject.text("display_name").unwrap_or_default();
    for field in input_fields(subject).iter().filter(|field| field.map == "connection_config") {
        let words = format!("{name} {} {}", field.text("description"), subject.entry.key.name).to_ascii_lowercase();
        if !OWN_SERVER.iter().any(|word| words.contains(word)) || !is_whole_host(subject, field.name()) {
            continue;
        }
        let refused = match (field.at("pattern"), field.at("format")) {
            (Some(place), _) => refused(&subject.pattern(field.text("pattern"))).map(|what| (place, what)),
            (None, Some(place)) if field.text("format") == "hostname" => Some((place, "a port")),
            _ => None,
        };
        let Some((place, what)) = refused else { continue };
        report.at(&place, format!("`{}` refuses {what}", field.name()), |found| {
            found
                .label("customers run this on their own servers")
                .help("allow `host:port`, as `format: authority` does, and where servers live below a path, that too")
        });
    }
}

/// The input that a pattern refuses, with and without a scheme in front.
fn refused(pattern: &Studied) -> Option<&'static str> {
    let refuses = |host: &str| {
        let with_scheme = || pattern.is_match(&format!("https://{host}"));
        pattern.is_match(host) == Some(false) && with_scheme() == Some(false)
    };
    HOSTS.iter().find(|(host, _)| refuses(host)).map(|(_, what)| *what)
}

fn is_whole_host(subject: &Subject<'_>, field: &str) -> bool {
    let mut whole = false;
    for site in whole_urls(subject) {
        urls::each_config_name(&site.template, &mut |name, position| {
            whole |= name == field && matches!(position, Position::Host | Position::Origin);
        });
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::refused;
    use crate::patterns::Patterns;

    #[test]
    fn what_is_refused_is_said() {
        for (pattern, expected) in [
            (r"^[a-zA-Z0-9.-]+(:\d+)?(/[a-zA-Z0-9._~-]+)*/?$", None),
            (r"^(https?:\/\/)?[A-Za-z0-9.-]+(:\d+)?(\/[A-Za-z0-9._-]*)?$", None),
            (r"^[a-zA-Z0-9.-]+(:\d+)?$", Some("a path")),
            ("^[a-zA-Z0-9.-]+$", Some("a port")),
            ("^[a-z0-9.-]+$", Some("capital letters")),
            (r"^https://[a-z]+\.acme\.com$", Some("a host")),
        ] {
            assert_eq!(refused(&Patterns::default().get(pattern)), expected, "{pattern}");
        }
    }
}
