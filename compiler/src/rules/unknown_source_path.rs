//! A fact with a source that the entry does not state.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, members};
use super::{Check, Lint, Page};
use crate::diagnostic::{Rule, near};
use crate::syntax::{Node, Value};

/// Keys whose default is a fact as well: the entry need not write them.
const DEFAULTS: [&str; 4] = ["scope_separator", "body_format", "token_request_auth_method", "keyway.hosts"];

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0500", "unknown-source-path"),
    page: Page {
        checks: "Checks for a path of `keyway.sources` that leads to nothing in the entry.",
        why: "A source is about one fact, which it names by its dotted path. A path that leads nowhere was misspelled, or the fact is gone and its source \
              stayed. Three keys have a default that is a fact as well and need not be written: `scope_separator`, `body_format`, \
              `token_request_auth_method`; and `keyway.hosts` stands for the hosts of all URLs.",
        fails: acme!(
            "    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.example'}
    keyway:
        sources:
            proxy.base_uri: {page: 'https://docs.acme.example/start', read: '2026-11-20'}
"
        ),
        mended: acme!(
            "    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.example'}
    keyway:
        sources:
            proxy.base_url: {page: 'https://docs.acme.example/start', read: '2026-11-20'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let body = &subject.entry.body;
    for source in subject.members("keyway.sources") {
        let path = source.name();
        let Some(span) = source.key.filter(|_| !DEFAULTS.contains(&path)) else { continue };
        let leads = body.iter().any(|item| leads(&item.key.name, &item.value, path));
        if leads {
            continue;
        }
        let above = path.rsplit_once('.').map_or("", |(above, _)| above);
        let beside = if above.is_empty() { members(&[], Some(body)) } else { subject.members(above) };
        let last = path.rsplit('.').next().unwrap_or_default();
        let meant = near(last, beside.iter().map(Located::name));
        report.spanned(&source.path, span, format!("`{path}` leads to nothing in this entry"), |found| {
            let help = match meant {
                Some(meant) if above.is_empty() => format!("did you mean `{}`?", meant.name),
                Some(meant) => format!("did you mean `{above}.{}`?", meant.name),
                None => "write the dotted path of the fact, such as `token_url` or `proxy.base_url`".to_owned(),
            };
            found.label("no fact of the entry").help(help)
        });
    }
}

/// True if a path that begins at the value of `name` leads to something. Names may hold dots themselves.
fn leads(name: &str, value: &Node, path: &str) -> bool {
    if path == name {
        return true;
    }
    let Some(rest) = path.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')) else { return false };
    match &value.value {
        Value::Mapping(map) => map.iter().any(|item| leads(&item.key.name, &item.value, rest)),
        Value::Sequence(items) => items.iter().enumerate().any(|(at, item)| leads(&at.to_string(), item, rest)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, check};

    #[test]
    fn a_source_is_of_a_fact_of_the_entry() {
        for (path, expected) in [
            ("proxy.base_url", &[][..]),
            ("proxy.headers.authorization", &[]),
            ("proxy.verification.endpoints.0", &[]),
            ("auth_mode", &[]),
            ("scope_separator", &[]),
            ("keyway.hosts", &[]),
            (
                "proxy.verification.endpoints.1",
                &["15:13 `proxy.verification.endpoints.1` leads to nothing in this entry"],
            ),
            ("proxy.base_urls", &["15:13 `proxy.base_urls` leads to nothing in this entry"]),
            ("token_url", &["15:13 `token_url` leads to nothing in this entry"]),
            ("proxy.", &["15:13 `proxy.` leads to nothing in this entry"]),
        ] {
            let source = "{page: 'https://a.example', read: '2026-11-20'}";
            let entry = format!("{CLEAN}    keyway:\n        sources:\n            {path}: {source}\n");
            check("unknown-source-path", &entry, expected);
        }
    }

    #[test]
    fn a_name_that_holds_dots_is_found() {
        let entry = format!(
            "{CLEAN}    token_response_metadata: [team.id]\n    connection_config:\n        team.id: {{type: string, title: T, \
             description: D., automated: true}}\n    keyway: {{sources: {{connection_config.team.id: {{page: \
             'https://a.example', read: '2026-11-20'}}}}}}\n"
        );
        check("unknown-source-path", &entry, &[]);
    }
}
