//! A call and what its answer says, a renewal, the end of a connection.

use super::requests::{exchange, login, received, sent};
use super::words::in_words;
use super::{FlowMessage, PartyRole, answer, ask, carriers, code, modes, note, says};
use crate::described;
use keyway_spec::mode::TokenFrom;
use keyway_spec::quirks::{GrantType, Quirks, RefreshWhen, RevokedToken};
use keyway_spec::{Auth, ProviderSpec, Template};

/// A call, with where the credential is, and its answer, with how lists and limits go on.
pub(super) fn calls(spec: &ProviderSpec) -> Vec<FlowMessage> {
    let base = spec.proxy.map(|proxy| in_words(&proxy.base_url));
    let mut lines = vec![base.map_or_else(|| says("any call, to a host that you allow"), |base| code(base + "/..."))];
    lines.extend(carriers(spec));
    let mut said = answer(PartyRole::Api, PartyRole::Program, "the answer");
    for (title, words) in [("pages", described::pages(spec)), ("too many requests", described::waits(spec))] {
        said.lines.extend(words.map(|words| says(format!("{title}: {}", words.replace('`', "")))));
    }
    vec![ask(PartyRole::Program, PartyRole::Api, lines), said]
}

/// A renewal; nothing for modes that have none.
pub(super) fn renewal(spec: &ProviderSpec) -> Vec<FlowMessage> {
    let facts = spec.auth.facts();
    if !facts.refreshes {
        return Vec::new();
    }
    let quirks = spec.quirks.unwrap_or(&Quirks::EMPTY);
    if quirks.refresh_when == RefreshWhen::Never {
        return vec![note(PartyRole::Program, "cannot renew it: the customer connects again")];
    }
    let mut steps = Vec::new();
    if let Some(introspect) = &quirks.introspect {
        let mut question = sent(introspect, Template::EMPTY, false);
        question.lines.insert(1, says("asks whether the token is active"));
        steps.extend([question, received("that it is, and until when")]);
    }
    let renewed = "a new access token";
    if let Auth::TwoStep(mode) = &spec.auth
        && let Some(refresh) = &mode.refresh
    {
        steps.extend([login(refresh, "with the refresh token"), received(renewed)]);
    } else if let Some((_, endpoint)) = spec.auth.code_flow().filter(|_| facts.token == TokenFrom::Consent) {
        steps.extend(exchange(spec, endpoint, GrantType::RefreshToken, renewed));
    } else if facts.obtains_at_once() {
        steps.extend(modes::at_once(spec));
    } else if facts.code_flow {
        let lines = vec![says("redeems the refresh token")];
        steps.extend([ask(PartyRole::Program, PartyRole::Authorization, lines), received(renewed)]);
    }
    if matches!(&spec.auth, Auth::Custom(_)) {
        steps.extend(modes::at_once(spec));
    }
    steps
}

/// The revocation, where the entry knows one.
pub(super) fn revocation(spec: &ProviderSpec) -> Vec<FlowMessage> {
    let Some(revocation) = spec.quirks.and_then(|quirks| quirks.revocation) else { return Vec::new() };
    let which = match revocation.token {
        RevokedToken::Refresh => "revokes the refresh token",
        RevokedToken::Access => "revokes the access token",
        RevokedToken::Both => "revokes both tokens",
    };
    let mut request = sent(&revocation.request, Template::EMPTY, false);
    request.lines.insert(1, says(which));
    vec![request]
}
