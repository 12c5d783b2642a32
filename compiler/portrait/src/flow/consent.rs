//! A page of the vendor's on which a customer agrees, and the way back.

use super::words::{MAX_NAMES, in_words, listed, path_of};
use super::{FlowMessage, PartyRole, answer, ask, code, says};
use keyway_spec::Template;
use keyway_spec::auth::Authorization;

/// The consent of a code flow.
pub(super) fn page(authorization: &Authorization, also: &[&str]) -> Vec<FlowMessage> {
    let pkce = if authorization.pkce { "PKCE, " } else { "" };
    let separator = match authorization.scope_separator {
        " " => String::new(),
        other => format!(" separated by {other:?}"),
    };
    let carried = format!("with state, {pkce}scopes{separator}");
    let mut names = vec![authorization.code_param, "state"];
    names.extend(authorization.redirect_uri_metadata.iter().chain(also));
    visit(authorization.url.as_ref(), &carried, &names)
}

/// The way to a page and back; `names` are the parameters that come back.
pub(super) fn visit(url: Option<&Template>, carried: &str, names: &[&str]) -> Vec<FlowMessage> {
    let mut agreed = Vec::new();
    // A page of the operator's own app has no URL that the entry knows.
    let path = url.map(in_words).filter(|url| url.contains("://")).map(|url| path_of(&url));
    agreed.extend(path.filter(|path| path != "/").map(code));
    agreed.push(says("signs in and agrees"));
    vec![
        ask(PartyRole::Program, PartyRole::Customer, vec![says("sends to the vendor's page"), says(carried)]),
        ask(PartyRole::Customer, PartyRole::Authorization, agreed),
        answer(PartyRole::Authorization, PartyRole::Customer, "a redirect"),
        ask(PartyRole::Customer, PartyRole::Program, vec![says("comes back with"), code(listed(names, MAX_NAMES))]),
    ]
}
