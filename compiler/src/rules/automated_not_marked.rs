//! A question that the provider answers.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0350", "automated-not-marked"),
    page: Page {
        checks: "Checks for a field that a callback, a token response or a webhook fills and that is not marked as `automated`.",
        why: "The provider sends the value, so asking a customer for it is noise at best. At worst it lets them \
              choose where the operator's secret goes: what is `automated` no customer can enter.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    token_response_metadata: [team]
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example/${connectionConfig.team}'}
    connection_config:
        team: {type: string, title: Team, description: Its name., example: blue}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    token_response_metadata: [team]
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example/${connectionConfig.team}'}
    connection_config:
        team: {type: string, title: Team, description: Its name., automated: true}
"
        ),
    },
    check: Check::Entry(check),
};

/// The lists of what the provider sends.
const SENT: [&str; 3] = ["redirect_uri_metadata", "token_response_metadata", "webhook_response_metadata"];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for list in SENT {
        let Some(place) = subject.get(list) else { continue };
        for item in place.node.as_sequence().unwrap_or_default() {
            let name = item.as_str().unwrap_or_default();
            let field = subject.members("connection_config").into_iter().find(|field| field.name() == name);
            let Some(field) = field else { continue };
            let asked = field.node.as_mapping().is_some_and(|keys| keys.get("automated").is_none());
            if !asked {
                continue;
            }
            let span = field.key.unwrap_or(field.node.span);
            report.spanned(
                &field.path,
                span,
                format!("people are asked for `{name}`, which the provider sends"),
                |found| {
                    let found = found.label("not `automated`").secondary(item.span, "it is taken from here");
                    fixes::adding(found.help("add `automated: true`"), &field, "automated: true")
                },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn only_declared_fields_can_be_marked() {
        let of = |field: &str| {
            acme(&format!(
                "    auth_mode: OAUTH2\n    redirect_uri_metadata: [team]\n    connection_config: {{{field}}}\n"
            ))
        };
        let found = &["7:25 people are asked for `team`, which the provider sends"];
        check("automated-not-marked", &of("team: {type: string, title: T, description: D.}"), found);
        check("automated-not-marked", &of("team: {type: string, title: T, description: D., automated: true}"), &[]);
        check("automated-not-marked", &of("other: {type: string, title: T, description: D.}"), &[]);
    }
}
