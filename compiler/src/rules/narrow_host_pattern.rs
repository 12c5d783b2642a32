//! A pattern that refuses hosts that customers really have.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::pinned::is_pinned;
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

/// Words that show that customers run the product themselves. "Server" alone does not: each vendor has some.
const OWN_SERVER: [&str; 11] = [
    "self-hosted",
    "self hosted",
    "selfhosted",
    "data center",
    "data-center",
    "data centre",
    "on-prem",
    "on prem",
    "own server",
    "own instance",
    "own installation",
];

/// Labels of a domain that stands for the customer's.
const OWN_DOMAIN: [&str; 8] =
    ["example", "company", "yourcompany", "your-company", "mycompany", "yourdomain", "your-domain", "mydomain"];

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
        if !is_own_server(&words, field.text("example")) || !is_whole_host(subject, field.name()) {
            continue;
        }
        // Servers that are the vendor's, whatever the words say, are where the vendor has them.
        if is_pinned(subject, field.text("pattern"), field.text("example")) {
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

/// True if customers run the product themselves: the words say so, or speak of a server whose example is a domain of
/// the customer.
fn is_own_server(words: &str, example: &str) -> bool {
    let behind = example.split_once("://").map_or(example, |(_, behind)| behind);
    let host = behind.split([':', '/']).next().unwrap_or_default().to_ascii_lowercase();
    let is_customers = OWN_DOMAIN.iter().any(|label| host.split('.').any(|part| part == *label));
    OWN_SERVER.iter().any(|word| words.contains(word)) || (words.contains("server") && is_customers)
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
    use super::{is_own_server, refused};
    use crate::patterns::Patterns;
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn a_server_is_the_customers_where_the_words_or_the_example_say_so() {
        for (words, example, expected) in [
            ("wiki your self-hosted instance", "", true),
            ("wiki on-premise", "wiki.acme.com", true),
            ("wiki data centre", "", true),
            ("the hostname of your wiki server", "wiki.example.com", true),
            ("your wiki server url", "https://wiki.yourcompany.com:8443/x", true),
            // Each vendor has servers.
            ("your instance's server url", "acme-prod.wiki.com", false),
            ("the rest server url of your cloud", "eu.fa.wiki.com", false),
            ("the api server to connect to", "", false),
            ("the domain of your account", "wiki.example.com", false),
        ] {
            assert_eq!(is_own_server(words, example), expected, "{words} {example}");
        }
    }

    #[test]
    fn only_a_whole_host_can_have_a_port() {
        let of = |base: &str, rest: &str| {
            let entry = CLEAN.replace("https://api.acme.example", base);
            format!(
                "{entry}    connection_config: {{host: {{type: string, title: H, description: 'Your server.', {rest}}}}}\n"
            )
        };
        let whole = "https://${connectionConfig.host}/api";
        let found = &["13:93 `host` refuses a port"];
        check("narrow-host-pattern", &of(whole, "format: hostname, example: wiki.example.com"), found);
        check("narrow-host-pattern", &of(whole, "format: hostname, example: eu.acme.com"), &[]);
        let label = "https://${connectionConfig.host}.acme.com";
        check("narrow-host-pattern", &of(label, "format: hostname, example: wiki.example.com"), &[]);
    }

    #[test]
    fn the_vendors_own_servers_are_where_the_vendor_has_them() {
        let of = |pattern: &str| {
            let entry = CLEAN.replace("https://api.acme.example", "https://${connectionConfig.host}/api");
            format!(
                "{entry}    connection_config: {{host: {{type: string, title: H, description: The server of your data center., \
                 pattern: '{pattern}', example: api4.acme.com}}}}\n    keyway: {{hosts: ['*.acme.com']}}\n"
            )
        };
        check("narrow-host-pattern", &of(r"^([a-z0-9-]+\.)+acme\.com$"), &[]);
        check("narrow-host-pattern", &of(r"^([a-z0-9-]+\.)+[a-z]+$"), &["13:111 `host` refuses capital letters"]);
    }

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
