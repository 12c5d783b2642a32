//! A list of which nobody can choose an item.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, below, lookups};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0420", "lookup-choice"),
    page: Page {
        checks: "Checks for a look-up with a list and no way to choose from it, and for a choice without a list or without a field that keeps it.",
        why: "An account may have several sites, tenants or companies. With `choose` the customer is asked which one is meant; \
              without, connecting such an account fails. The chosen value has to be set too: it says what was chosen when \
              the account is connected again, and lets a program choose without asking.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example/${connectionConfig.site}'}
    connection_config:
        site: {type: string, title: Site, description: The site that is connected., automated: true}
    keyway:
        lookups:
            - {url: 'https://api.acme.example/sites', items: sites, set: {site: id}}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example/${connectionConfig.site}'}
    connection_config:
        site: {type: string, title: Site, description: The site that is connected., automated: true}
    keyway:
        lookups:
            - {url: 'https://api.acme.example/sites', items: sites, choose: {value: id, label: name}, set: {site: id}}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for (path, lookup) in lookups(subject) {
        let (items, choose) = (lookup.get("items"), lookup.get("choose"));
        match (items, choose) {
            (Some(items), None) => {
                let at = below(&path, "items".into());
                report.spanned(&at, items.key.span, "nothing says which item is meant", |found| {
                    let help = "add `choose: {value: .., label: ..}`, with the paths of an item's id and name";
                    found.label("the answer may list several").help(help)
                });
            }
            (None, Some(choose)) => {
                let at = below(&path, "choose".into());
                report.spanned(&at, choose.key.span, "a choice without a list", |found| {
                    found.label("the answer is one object").help("add `items`, the dotted path of the list")
                });
            }
            (Some(_), Some(choose)) => {
                let value = choose.value.as_mapping().and_then(|keys| keys.get("value"));
                let Some((value, text)) = value.and_then(|entry| Some((entry, entry.value.as_str()?))) else {
                    continue;
                };
                let set = lookup.get("set").and_then(|entry| entry.value.as_mapping());
                if set.into_iter().flatten().any(|entry| entry.value.as_str() == Some(text)) {
                    continue;
                }
                let at = below(&below(&path, "choose".into()), "value".into());
                report.spanned(&at, value.value.span, format!("no field keeps `{text}`"), |found| {
                    found.label("what was chosen is lost").help(format!("set a field from `{text}`"))
                });
            }
            (None, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn a_list_has_a_choice_that_is_kept() {
        let of = |keys: &str| {
            let lookup = format!("{{url: 'https://acme.example/me', set: {{site: id}}{keys}}}");
            acme(&format!("    auth_mode: OAUTH2\n    keyway: {{lookups: [{lookup}]}}\n"))
        };
        for (keys, expected) in [
            ("", &[][..]),
            (", items: '', choose: {value: id}", &[]),
            (", items: ''", &["6:74 nothing says which item is meant"]),
            (", choose: {value: id}", &["6:74 a choice without a list"]),
            (", items: '', choose: {value: key}", &["6:101 no field keeps `key`"]),
        ] {
            check("lookup-choice", &of(keys), expected);
        }
    }
}
