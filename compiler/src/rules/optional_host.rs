//! A host that is not there when a field is left out.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields, whole_urls};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;
use crate::template::Template;
use crate::template::position::positions;
use crate::template::{Kind, Node};
use keyway_spec::Position;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0317", "optional-host"),
    page: Page {
        checks: "Checks for an `optional` field without a default that a host cannot do without.",
        why: "A form takes an optional field empty, and the host is not complete then: every call of that connection fails. Ask for the value, \
              give it a `default_value`, or say what happens without it: `https://${connectionConfig.host} || https://api.acme.example`.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.site}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        site: {type: string, title: Site, description: Its name., optional: true, pattern: '^[a-z]+$'}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.site}.acme.com || https://acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        site: {type: string, title: Site, description: Its name., optional: true, pattern: '^[a-z]+$'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    // A hook of the connection may write any field, and AWS calls have the operator's region.
    let filled_in = subject.text("post_connection_script").is_some_and(|name| !name.is_empty());
    if filled_in || subject.mode == Mode::AwsSigV4 {
        return;
    }
    let mut told: Vec<&str> = Vec::new();
    for site in whole_urls(subject) {
        // The first alternative whose values are all there is taken: one that needs none of these is enough.
        let alternatives = site.template.alternatives();
        let missing: Vec<Option<(&str, &Node)>> = alternatives.iter().map(|one| optional(subject, one)).collect();
        let Some(Some((name, node))) = missing.iter().all(Option::is_some).then(|| missing.last().copied().flatten())
        else {
            continue;
        };
        let Some(field) = input_fields(subject).iter().find(|field| field.map == MAP && field.name() == name) else {
            continue;
        };
        if told.contains(&name) {
            continue;
        }
        told.push(name);
        report.spanned(
            &field.place.path,
            field.span(),
            format!("`{name}` is optional, and the host needs it"),
            |found| {
                found
                    .label("may be left out")
                    .secondary(site.node().text_span(node.range.clone()), "there is no host without it")
                    .help("remove `optional`, add a `default_value`, or write an alternative behind `||`")
            },
        );
    }
}

const MAP: &str = "connection_config";

/// A field in the host of an alternative that may be left out and has no default.
fn optional<'t>(subject: &Subject<'_>, alternative: &'t Template) -> Option<(&'t str, &'t Node)> {
    let placed = alternative.nodes.iter().zip(positions(&alternative.nodes));
    placed.into_iter().find_map(|(node, position)| {
        let in_host = matches!(position, Position::Origin | Position::Host | Position::HostLabel | Position::Port);
        let Kind::Name(name) = &node.kind else { return None };
        let name = name.strip_prefix("connectionConfig.").unwrap_or(name);
        let field = input_fields(subject).iter().find(|field| field.map == MAP && field.name() == name)?;
        // What the provider supplies is there once it is connected.
        let left_out = field.flag("optional") && field.at("default_value").is_none() && !field.flag("automated");
        (in_host && left_out).then_some((name, node))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn one_alternative_without_it_is_enough() {
        let found = &["13:25 `x` is optional, and the host needs it"];
        for (base, field, expected) in [
            ("https://${connectionConfig.x}", "optional: true", &found[..]),
            ("${connectionConfig.x}", "optional: true", found),
            ("https://${connectionConfig.x}.acme.com", "optional: true", found),
            ("https://acme.com:${connectionConfig.x}", "optional: true", found),
            ("https://${connectionConfig.x} || https://${connectionConfig.x}.acme.com", "optional: true", found),
            ("https://${connectionConfig.x} || https://acme.com", "optional: true", &[]),
            ("https://${connectionConfig.x}", "optional: false", &[]),
            ("https://${connectionConfig.x}", "optional: true, default_value: a.com", &[]),
            ("https://${connectionConfig.x}", "optional: true, automated: true", &[]),
            ("https://acme.com/${connectionConfig.x}", "optional: true", &[]),
        ] {
            let entry = CLEAN.replace("https://api.acme.example", &format!("'{base}'"));
            let field = format!("{{type: string, title: T, description: D., {field}}}");
            let entry = format!("{entry}    connection_config: {{x: {field}}}\n");
            check("optional-host", &entry, expected);
            check("optional-host", &format!("{entry}    post_connection_script: fillIn\n"), &[]);
        }
    }
}
