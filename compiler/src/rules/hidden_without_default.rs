//! A hidden field without a default.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::syntax::Value;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0352", "hidden-without-default"),
    page: Page {
        checks: "Checks for a hidden field without a default.",
        why: "A hidden field is submitted with its default, and the customer is not asked. Without one it has no value unless \
              a program gives it; an empty default says that this is meant. A field that the provider sends is filled all the same.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.team}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., hidden: true}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.team}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., hidden: true, default_value: blue}
"
        ),
    },
    check: Check::Entry(check),
};

/// The lists of what the provider sends.
const SENT: [&str; 3] = ["redirect_uri_metadata", "token_response_metadata", "webhook_response_metadata"];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for map in ["connection_config", "credentials", "integration_config", "assertion_option"] {
        for field in subject.members(map) {
            let Some(keys) = field.node.as_mapping() else { continue };
            let flag = |name: &str| keys.get(name).is_some_and(|entry| entry.value.value == Value::Bool(true));
            if !flag("hidden") || flag("automated") || keys.get("default_value").is_some() {
                continue;
            }
            if map == "connection_config" && is_sent(subject, field.name()) {
                continue;
            }
            let span = field.key.unwrap_or(field.node.span);
            report.spanned(
                &field.path,
                span,
                format!("customers do not see `{}` and nothing fills it", field.name()),
                |found| {
                    found
                        .label("hidden, without a `default_value`")
                        .help("give it a `default_value`, or let people see it")
                },
            );
        }
    }
}

/// True if the provider sends a value: the runtime keeps it where the customer entered none.
fn is_sent(subject: &Subject<'_>, name: &str) -> bool {
    SENT.iter().filter_map(|list| subject.get(list)).any(|list| {
        let items = list.node.as_sequence().unwrap_or_default();
        items.iter().any(|item| item.as_str() == Some(name))
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn an_empty_default_is_one_and_automated_fields_need_none() {
        let of = |keys: &str| {
            acme(&format!(
                "    auth_mode: NONE\n    connection_config: {{team: {{type: string, title: T, description: D., hidden: true{keys}}}}}\n"
            ))
        };
        check("hidden-without-default", &of(", default_value: ''"), &[]);
        check("hidden-without-default", &of(", automated: true"), &[]);
        check("hidden-without-default", &of(""), &["6:25 customers do not see `team` and nothing fills it"]);
        let sent = format!("{}    token_response_metadata: [team]\n", of(""));
        check("hidden-without-default", &sent, &[]);
    }
}
