//! A customer's value in a host name that nothing bounds.

use super::support::fields::InputField;
use super::support::findings::Reporter;
use super::support::subject::{Subject, field_of};
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::source::Span;
use crate::template::hosts::{class, hosts};
use crate::template::position::positions;
use crate::template::{Kind, Template};
use keyway_spec::{HostClass, Position};

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0321", "unbounded-host"),
    page: Page {
        checks: "Checks for a customer's value in a host name without a `pattern`, a `format` or an `enum`.",
        why: "The customer who fills in the field decides where the request goes, and the credential with it. The runtime refuses \
              what is no host name, but only the entry knows which names are the vendor's. Where only labels below the vendor's own \
              domain vary, the runtime keeps the value below it, and this is a warning.",
        fails: "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    connection_config:
        subdomain: {type: string, title: Subdomain, description: The first part of your address.}
    proxy:
        base_url: https://${connectionConfig.subdomain}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
",
        mended: "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    connection_config:
        subdomain:
            type: string
            title: Subdomain
            description: The first part of your address.
            pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'
            example: my-team
    proxy:
        base_url: https://${connectionConfig.subdomain}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
",
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let mut uses: Vec<Use<'_, '_>> = Vec::new();
    for site in subject.templates().iter().filter(|site| site.field.is_url()) {
        for alternative in site.template.alternatives() {
            let severity = if is_confined(alternative) { Severity::Warning } else { Severity::Error };
            for (node, position) in alternative.nodes.iter().zip(positions(&alternative.nodes)) {
                let Kind::Name(name) = &node.kind else { continue };
                if !matches!(position, Position::Origin | Position::Host | Position::HostLabel) {
                    continue;
                }
                let Some(field) = unbounded(subject, name) else { continue };
                let here = site.node().text_span(node.range.clone());
                match uses.iter_mut().find(|used| used.field.span() == field.span()) {
                    // The worst of its places decides.
                    Some(used) if used.severity == Severity::Warning && severity == Severity::Error => {
                        (used.here, used.severity) = (here, severity);
                    }
                    Some(_) => {}
                    None => uses.push(Use { field, here, severity }),
                }
            }
        }
    }
    for Use { field, here, severity } in uses {
        let name = field.name();
        report.spanned(
            &field.place.path,
            field.span(),
            format!("`{name}` decides the host, and nothing bounds it"),
            |found| {
                let found = found
                    .label("any name that the customer enters")
                    .secondary(here, "becomes part of the host here")
                    .help("give the field a `pattern` that only the vendor's names match, or an `enum`");
                Diagnostic { severity, ..found }
            },
        );
    }
}

/// A place where a field is a part of a host.
struct Use<'s, 'e> {
    field: &'s InputField<'e>,
    here: Span,
    severity: Severity,
}

/// True if only labels below a domain of the vendor vary.
fn is_confined(alternative: &Template) -> bool {
    let hosts = hosts(alternative, &|_| Vec::new());
    !hosts.is_empty() && hosts.iter().map(class).all(|class| class < HostClass::Open)
}

/// The field that a name stands for, if nothing bounds its value.
fn unbounded<'s, 'e>(subject: &'s Subject<'e>, name: &str) -> Option<&'s InputField<'e>> {
    let field = field_of(subject, name)?;
    // What only the provider supplies, no customer can enter.
    let bounded = ["pattern", "format", "enum", "automated"].iter().any(|bound| field.at(bound).is_some());
    (!bounded).then_some(field)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Severity;
    use crate::pipeline;
    use crate::rules::testing::{CLEAN, acme, check, found};
    use crate::source::Sources;

    #[test]
    fn below_the_vendors_own_domain_it_is_a_warning() {
        for (base, severity) in [
            ("https://${connectionConfig.where}.acme.com", Severity::Warning),
            ("https://api-${connectionConfig.where}.acme.co.uk/v1", Severity::Warning),
            ("https://${connectionConfig.where}.acme.${connectionConfig.where}", Severity::Error),
            ("https://acme.${connectionConfig.where}", Severity::Error),
            ("https://${connectionConfig.where}.com", Severity::Error),
            ("https://${connectionConfig.where}", Severity::Error),
            ("https://${connectionConfig.where}.acme.com || https://${connectionConfig.where}", Severity::Error),
            ("${connectionConfig.where}/v1", Severity::Error),
        ] {
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", with("example: a", base));
            let checked = pipeline::check(&sources, file);
            let found = checked.diagnostics.iter().find(|found| found.rule.name == "unbounded-host");
            assert_eq!(found.map(|found| found.severity), Some(severity), "{base}");
        }
    }

    fn with(field: &str, base: &str) -> String {
        let entry = CLEAN.replace("https://api.acme.example", base);
        format!(
            "{entry}    connection_config:\n        where: {{type: string, title: Where, description: It., {field}}}\n"
        )
    }

    #[test]
    fn every_spelling_and_map_counts() {
        let of = |url: &str, maps: &str| {
            acme(&format!(
                "    auth_mode: TWO_STEP\n    token_url: '{url}'\n    token_response: {{token: t}}\n    proxy: {{base_url: 'https://api.acme.com'}}\n{maps}"
            ))
        };
        let config = "    connection_config: {where: {type: string, title: W, description: D.}}\n";
        let credentials = "    credentials: {where: {type: string, title: W, description: D.}}\n";
        let bounded = "    credentials: {where: {type: string, title: W, description: D., enum: [a, b]}}\n";
        for (url, maps, expected) in [
            ("https://${connectionConfig.where}.acme.com/t", config, 1),
            ("https://${where}.acme.com/t", config, 1),
            ("https://${where}.acme.com/t", credentials, 1),
            ("https://${credentials.where}.acme.com/t", credentials, 1),
            ("https://acme.com/${credentials.where}", credentials, 0),
            ("https://${credentials.where}.acme.com/t", bounded, 0),
        ] {
            assert_eq!(found("unbounded-host", &of(url, maps)).len(), expected, "{url} {maps}");
        }
    }

    #[test]
    fn only_the_host_counts_and_any_bound_is_enough() {
        let found = &["14:9 `where` decides the host, and nothing bounds it"];
        for (field, base, expected) in [
            ("example: a", "https://${connectionConfig.where}.acme.com", &found[..]),
            ("example: a", "https://api.acme.com/${connectionConfig.where}", &[]),
            ("pattern: '^[a-z]+$', example: a", "https://${connectionConfig.where}.acme.com", &[]),
            ("format: hostname, example: a.com", "https://${connectionConfig.where}", &[]),
            ("enum: [a, b]", "https://${connectionConfig.where}.acme.com", &[]),
        ] {
            check("unbounded-host", &with(field, base), expected);
        }
    }
}
