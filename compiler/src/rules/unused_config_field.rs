//! A field that nothing reads.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, lookalikes};
use super::{Check, Lint, Page};
use crate::diagnostic::{Rule, near};
use crate::syntax::{Node, Value};

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0312", "unused-config-field"),
    page: Page {
        checks: "Checks for a field of `connection_config` that no template, no parameter and no hook uses.",
        why: "A customer is asked for it, and nothing happens with the answer. Either something is missing that should use it, or \
              the question is. A field that only callers use in their endpoints is named under `proxy.connection_config`.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., example: blue}
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
        team: {type: string, title: Team, description: Its name., example: blue}
"
        ),
    },
    check: Check::Entry(check),
};

/// Configuration that modes and hooks read although no template names it.
const OF_MODES: [&str; 8] =
    ["oauth_scopes", "user_scope", "region", "service", "role_arn", "external_id", "installation_id", "app_id"];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    // Without its base URL a `proxy` is not whole: what it would use is not known.
    if subject.has("proxy") && !subject.has("proxy.base_url") || !subject.has("connection_config") {
        return;
    }
    let hook = |name: &str| subject.text(name).is_some_and(|name| !name.is_empty());
    if ["post_connection_script", "credentials_verification_script", "webhook_routing_script"]
        .iter()
        .any(|name| hook(name))
    {
        return;
    }
    let mut used: Vec<&str> = OF_MODES.to_vec();
    for site in subject.templates() {
        site.template.each_name(&mut |name, _| used.push(name.strip_prefix("connectionConfig.").unwrap_or(name)));
    }
    // What is written as no placeholder was meant to use it: `{team}`.
    let meant = subject.templates().iter().flat_map(|site| lookalikes(subject, site));
    let names = meant.filter_map(|found| found.meant.as_deref());
    used.extend(names.map(|name| name.strip_prefix("connectionConfig.").unwrap_or(name)));
    let meant = misspelt(subject);
    let sent = subject.get("keyway.authorization.config_params");
    let sent = sent.as_ref().and_then(|list| list.node.as_sequence()).unwrap_or_default();
    used.extend(sent.iter().filter_map(|name| name.as_str()));
    let callers = subject.members("proxy.connection_config");
    let shown: Vec<&str> = subject
        .members("connection_config")
        .iter()
        .filter_map(|field| {
            field.node.as_mapping()?.get("visible_when")?.value.as_mapping()?.get("field")?.value.as_str()
        })
        .collect();
    for field in subject.members("connection_config") {
        let name = field.name();
        let automated = field.node.as_mapping().is_some_and(|keys| keys.get("automated").is_some());
        if automated
            || used.contains(&name)
            || meant.iter().any(|other| near(other, [name]).is_some())
            || is_mentioned(subject, name)
            || shown.contains(&name)
            || callers.iter().any(|caller| caller.name() == name)
        {
            continue;
        }
        let span = field.key.unwrap_or(field.node.span);
        report.spanned(&field.path, span, format!("nothing uses `{name}`"), |found| {
            found
                .label("asked for and never read")
                .help(format!("use `${{connectionConfig.{name}}}`, or remove the field; if callers need it, name it under `proxy.connection_config`"))
        });
    }
}

/// The names of configuration that nothing declares or captures. Each is reported where it stands; that the field it
/// was meant to be is unused is the same mistake.
fn misspelt<'e>(subject: &'e Subject<'_>) -> Vec<&'e str> {
    let mut known: Vec<String> =
        subject.members("connection_config").iter().map(|field| field.name().to_owned()).collect();
    for list in ["token_response_metadata", "redirect_uri_metadata", "webhook_response_metadata"] {
        let items = subject.get(list).and_then(|list| list.node.as_sequence()).unwrap_or_default();
        known.extend(items.iter().filter_map(|item| item.as_str()).map(str::to_owned));
    }
    let mut misspelt = Vec::new();
    for site in subject.templates() {
        site.template.each_name(&mut |name, _| {
            if let Some((root, name)) = name.split_once('.')
                && match root {
                    "connectionConfig" => !known.iter().any(|known| known == name),
                    _ => near(root, ["connectionConfig"]).is_some(),
                }
            {
                misspelt.push(name);
            }
        });
    }
    misspelt
}

/// True if any text of the entry names a field: what stands at the wrong place is reported there.
fn is_mentioned(subject: &Subject<'_>, name: &str) -> bool {
    subject.entry.body.iter().any(|entry| any_text(&entry.value, &|text| mentions(text, name)))
}

/// At most as deep as the parser lets a file be.
fn any_text(node: &Node, is: &impl Fn(&str) -> bool) -> bool {
    match &node.value {
        Value::Text(text) => is(&text.text),
        Value::Sequence(items) => items.iter().any(|item| any_text(item, is)),
        Value::Mapping(map) => map.iter().any(|entry| any_text(&entry.value, is)),
        _ => false,
    }
}

/// True if a text names a field, in a placeholder or where one was meant: its braces may be wrong.
fn mentions(text: &str, name: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_alphanumeric() || "_-.".contains(next));
    text.split("connectionConfig.").skip(1).any(|rest| rest.strip_prefix(name).is_some_and(ends))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn callers_hooks_and_conditions_use_fields_too() {
        let field = "    connection_config: {team: {type: string, title: T, description: D.}}\n";
        let of = |keys: &str| acme(&format!("    auth_mode: NONE\n{field}{keys}"));
        let found = &["6:25 nothing uses `team`"];
        check("unused-config-field", &of("    proxy: {base_url: 'https://a.example'}\n"), found);
        let callers =
            "    proxy: {base_url: 'https://a.example', connection_config: {team: '${connectionConfig.team}'}}\n";
        check("unused-config-field", &of(callers), &[]);
        check("unused-config-field", &of("    post_connection_script: acmePostConnection\n"), &[]);
    }

    #[test]
    fn a_use_that_is_misspelt_is_one_mistake() {
        let of = |placeholder: &str| {
            let field = "    connection_config: {team: {type: string, title: T, description: D.}}\n";
            acme(&format!("    auth_mode: NONE\n{field}    proxy: {{base_url: 'https://a.example/{placeholder}'}}\n"))
        };
        for placeholder in [
            "${connectionConfig.taem}",
            "${conectionConfig.team}",
            "{connectionConfig.team}",
            "${connectionConfig.team",
            "{team}",
        ] {
            check("unused-config-field", &of(placeholder), &[]);
        }
        for placeholder in ["${connectionConfig.zebra}", "{connectionConfig.team_id}"] {
            check("unused-config-field", &of(placeholder), &["6:25 nothing uses `team`"]);
        }
    }
}
