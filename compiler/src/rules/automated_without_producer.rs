//! A field that nothing fills.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields, looked_up};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;
use crate::template::scope::Field;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0351", "automated-without-producer"),
    page: Page {
        checks: "Checks for a field marked `automated` that no callback, no response, no look-up and no hook supplies, or that the sign-in page needs before either.",
        why: "`automated: true` says that the customer is not asked, and may not enter anything. Without a source \
              the field has no value, and every request that needs it fails.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://${connectionConfig.team}.acme.example'}
    connection_config:
        team: {type: string, title: Team, description: Its name., automated: true, pattern: '^[a-z]+$'}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://${connectionConfig.team}.acme.example'}
    token_response_metadata: [team]
    connection_config:
        team: {type: string, title: Team, description: Its name., automated: true, pattern: '^[a-z]+$'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let early = needed_for_signing_in(subject);
    for field in input_fields(subject) {
        if field.map != "connection_config" || !field.flag("automated") || field.at("default_value").is_some() {
            continue;
        }
        let name = field.name();
        let captured = ["redirect_uri_metadata", "token_response_metadata", "webhook_response_metadata"];
        let listed = captured.iter().any(|list| lists(subject, list, name));
        let hook = ["post_connection_script", "webhook_routing_script", "credentials_verification_script"];
        let by_hook = hook.iter().any(|hook| subject.has(hook));
        let too_late = early.iter().any(|needed| needed == name) && !lists(subject, "redirect_uri_metadata", name);
        let by_lookup = looked_up(subject).iter().any(|field| field.name() == name);
        let by_mode = matches!(subject.mode, Mode::App | Mode::Custom);
        if ((listed || by_hook || by_lookup) && !too_late) || by_mode {
            continue;
        }
        let message = if too_late {
            format!("`{name}` is needed before anything can supply it")
        } else {
            format!("nothing supplies `{name}`")
        };
        report.spanned(&field.place.path, field.span(), message, |found| {
            found
                .label("the customer is not asked")
                .help("capture it (`token_response_metadata`, `redirect_uri_metadata`), look it up (`keyway.lookups`), or ask for it")
        });
    }
}

/// The names that the page needs to which a customer is sent first, where nothing else can take their place.
fn needed_for_signing_in(subject: &Subject<'_>) -> Vec<String> {
    let mut needed = Vec::new();
    for site in subject.templates().iter().filter(|site| site.field == Field::AuthorizationUrl) {
        if site.template.alternatives().len() == 1 {
            site.template.each_name(&mut |name, _| {
                needed.push(name.strip_prefix("connectionConfig.").unwrap_or(name).to_owned());
            });
        }
    }
    needed
}

fn lists(subject: &Subject<'_>, key: &str, name: &str) -> bool {
    let items = subject.get(key).and_then(|place| place.node.as_sequence());
    items
        .into_iter()
        .flatten()
        .any(|item| item.as_str().is_some_and(|item| item == name || item.starts_with(&format!("{name}."))))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn a_look_up_supplies_what_is_needed_after_signing_in() {
        let of = |url: &str| {
            let field = "team: {type: string, title: T, description: D., automated: true, pattern: '^[a-z]+$'}";
            let lookup = "{url: 'https://acme.example/me', set: {team: team.id}}";
            acme(&format!(
                "    auth_mode: OAUTH2\n    authorization_url: '{url}'\n    token_url: https://acme.example/t\n    \
                 connection_config: {{{field}}}\n    keyway: {{lookups: [{lookup}]}}\n"
            ))
        };
        check("automated-without-producer", &of("https://acme.example/a"), &[]);
        let early = "https://${connectionConfig.team}.acme.example/a";
        check("automated-without-producer", &of(early), &["8:25 `team` is needed before anything can supply it"]);
    }
}
