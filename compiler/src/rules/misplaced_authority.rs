//! A value that may name a port, where a URL has no room for one.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields, whole_urls};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::template::Kind;
use crate::template::position::positions;
use keyway_spec::Position;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0417", "misplaced-authority"),
    page: Page {
        checks: "Checks for a field with `format: authority` that is only a part of a host, or that a port follows.",
        why: "The format lets a customer enter `host:port`. That fits between `https://` and the path, and nowhere else \
              in a host: beside other labels or before another port, every call of a connection that names a port \
              fails.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    connection_config:
        host: {type: string, title: Host, description: Your server., format: authority, example: 'git.example.com:8443'}
    proxy:
        base_url: https://${connectionConfig.host}:8443/api
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    connection_config:
        host: {type: string, title: Host, description: Your server., format: authority, example: 'git.example.com:8443'}
    proxy:
        base_url: https://${connectionConfig.host}/api
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let mut told: Vec<&str> = Vec::new();
    for site in whole_urls(subject) {
        for alternative in site.template.alternatives() {
            for (index, (node, position)) in alternative.nodes.iter().zip(positions(&alternative.nodes)).enumerate() {
                let Kind::Name(name) = &node.kind else { continue };
                let port_follows = matches!(
                    alternative.nodes.get(index + 1).map(|next| &next.kind),
                    Some(Kind::Text(text)) if text.starts_with(':')
                );
                let what = match position {
                    Position::HostLabel => "is only a part of the host here",
                    Position::Host if port_follows => "a port follows here",
                    Position::Port => "is the port here",
                    _ => continue,
                };
                let name = name.strip_prefix("connectionConfig.").unwrap_or(name);
                let fields = input_fields(subject).iter();
                let field = fields.filter(|field| field.map == "connection_config" && field.name() == name);
                let mut fields = field.filter(|field| field.text("format") == "authority");
                let Some(field) = fields.next().filter(|field| !told.contains(&field.name())) else { continue };
                told.push(field.name());
                let here = site.node().text_span(node.range.clone());
                report.spanned(&field.place.path, field.span(), format!("`{name}` may name a port"), |found| {
                    let help = "use `format: hostname`, or let the value be all between `https://` and the path";
                    found.label("`format: authority` is `host` or `host:port`").secondary(here, what).help(help)
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn a_port_fits_only_where_the_value_is_all_of_the_authority() {
        let with = |base: &str, format: &str| {
            let entry = CLEAN.replace("https://api.acme.example", base);
            let field = format!("{{type: string, title: T, description: D., format: {format}}}");
            format!("{entry}    connection_config:\n        host: {field}\n")
        };
        let found = &["14:9 `host` may name a port"];
        for (base, format, expected) in [
            ("https://${connectionConfig.host}/api", "authority", &[][..]),
            ("https://${connectionConfig.host}", "authority", &[]),
            ("https://api.acme.example/${connectionConfig.host}", "authority", &[]),
            ("https://${connectionConfig.host}:8443", "authority", found),
            ("https://${connectionConfig.host}.acme.example", "authority", found),
            ("https://acme.example:${connectionConfig.host}/x", "authority", found),
            ("https://${connectionConfig.host}:8443", "hostname", &[]),
        ] {
            check("misplaced-authority", &with(base, format), expected);
        }
    }
}
