//! A refresh token that is not asked for.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0374", "offline-access-missing"),
    page: Page {
        checks: "Checks for a sign-in at a server that gives refresh tokens only to those who ask, and an entry that asks for none.",
        why: "Some authorization servers issue a refresh token only for the scope `offline_access` (OpenID Connect Core section 11), or for \
              `access_type=offline`. Without it a connection ends with its first token. Recognised by an audience in the authorization \
              request, which only such servers have.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    authorization_params: {audience: api.acme.example}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    authorization_params: {audience: api.acme.example}
    default_scopes: [offline_access]
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let asks = subject.mode == Mode::OAuth2 && subject.has("authorization_params.audience");
    let refreshes = subject.text("refresh_params.grant_type") == Some("refresh_token");
    if !asks || !refreshes {
        return;
    }
    let lists = ["default_scopes", "keyway.scopes"].into_iter().filter_map(|list| subject.get(list));
    let listed = lists.into_iter().any(|list| {
        let items = list.node.as_sequence().into_iter().flatten();
        let named = list.node.as_mapping().into_iter().flatten().map(|scope| scope.key.name.as_str());
        items.filter_map(|scope| scope.as_str()).chain(named).any(|scope| scope.contains("offline"))
    });
    let passed = ["scope", "access_type"]
        .iter()
        .any(|name| subject.text(&format!("authorization_params.{name}")).is_some_and(|text| text.contains("offline")));
    if listed || passed {
        return;
    }
    report.spanned(&[], subject.entry.key.span, "nothing asks for a refresh token", |found| {
        found.label("`refresh_params` needs one").help("add `default_scopes: [offline_access]`")
    });
}
