//! A customer who names the whole host.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::pinned::is_pinned;
use super::support::subject::{Subject, input_fields, whole_urls};
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use keyway_spec::Position;

pub(super) static LINT: Lint = Lint {
    rule: Rule::note("KW0337", "whole-host"),
    page: Page {
        checks: "Checks for a value of a customer that is the whole host of a URL, unless its pattern keeps to domains that the entry names.",
        why: "The credential goes wherever the value says. For a credential of the customer's own that is any public \
              host; the operator's client secret goes only to hosts that the operator allows. For a product that \
              customers run themselves there is no other way; for a vendor with one domain, ask for the part in \
              front of it.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.site}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        site: {type: string, title: Site, description: Its host., format: hostname}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.site}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        site: {type: string, title: Site, description: Its name., pattern: '^[a-z]+$'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let fields = input_fields(subject);
    let mut told: Vec<&str> = Vec::new();
    for site in whole_urls(subject) {
        urls::each_config_name(&site.template, &mut |name, position| {
            if !matches!(position, Position::Host | Position::Origin) || told.contains(&name) {
                return;
            }
            let Some(field) = fields.iter().find(|field| field.map == "connection_config" && field.name() == name)
            else {
                return;
            };
            // A list of hosts, or what the provider supplies, is no choice of the customer.
            if field.at("enum").is_some() || field.at("automated").is_some() {
                return;
            }
            let pattern = field.text("pattern");
            if !pattern.is_empty() && is_pinned(subject, pattern, field.text("example")) {
                return;
            }
            told.push(name);
            report.spanned(&field.place.path, field.span(), format!("`{name}` is the whole host"), |found| {
                found
                    .label("the customer decides who gets the credential")
                    .secondary(site.node().span, "all of the host is here")
                    .help("if the vendor has one domain, ask for the part in front of it")
            });
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn a_pattern_that_keeps_to_the_vendors_domains_leaves_no_choice() {
        const LABELS: &str = r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+";
        for (field, rest, expected) in [
            (format!("pattern: '^{LABELS}(acmeapis|acme)\\.com$', example: fantasy.acmeapis.com"), "", 1),
            (format!("pattern: '^{LABELS}acmeapis\\.com$', example: fantasy.acmeapis.com"), "", 0),
            (
                format!("pattern: '^{LABELS}(acmeapis|acme)\\.com$', example: fantasy.acmeapis.com"),
                "    keyway: {hosts: ['*.acme.com']}\n",
                0,
            ),
            (format!("pattern: '^https://{LABELS}acme\\.example(:[0-9]+)?/?$'"), "", 0),
            // Other domains too, or the same letters in another one.
            (format!("pattern: '^{LABELS}[a-z]+\\.com$', example: fantasy.acmeapis.com"), "", 1),
            (format!("pattern: '^{LABELS}acmeapis.com$', example: fantasy.acmeapis.com"), "", 1),
            ("pattern: '^[a-z.-]*acmeapis\\.com$', example: fantasy.acmeapis.com".to_owned(), "", 1),
            (format!("pattern: '{LABELS}acmeapis\\.com', example: fantasy.acmeapis.com"), "", 1),
            ("format: hostname, example: fantasy.acmeapis.com".to_owned(), "", 1),
        ] {
            let entry = CLEAN.replace("https://api.acme.example", "https://${connectionConfig.site}");
            let field =
                format!("    connection_config: {{site: {{type: string, title: S, description: D., {field}}}}}\n");
            assert_eq!(found("whole-host", &format!("{entry}{field}{rest}")).len(), expected, "{field}{rest}");
        }
    }
}
