//! The facts of quirks: in what signing in differs from the standard.
//!
//! A request that an entry says nothing about is the standard one, so that a quirk which only adds a parameter adds.
//! What follows a refresh of unknown outcome is not a fact: it decides when something is sent, not what.

use super::ChangeKind;
use super::facts::{Facts, Seen};
use keyway_spec::ProviderSpec;
use keyway_spec::auth::BodyFormat;
use keyway_spec::quirks::{ExchangeQuirks, GrantType, Quirks, RequestQuirks, SecondToken, SplitCredential};

const REQUEST: (ChangeKind, ChangeKind) = (ChangeKind::SignInChanged, ChangeKind::SignInAdded);
/// Parameters that a request sends anyway, whatever it redeems.
const STANDARD: [&str; 9] = [
    "grant_type",
    "code",
    "redirect_uri",
    "client_id",
    "client_secret",
    "code_verifier",
    "refresh_token",
    "scope",
    "token",
];
const STANDARD_HEADERS: [&str; 3] = ["authorization", "content-type", "accept"];

/// Adds them.
pub(super) fn facts(facts: &mut Facts<'_, '_>, spec: &ProviderSpec) {
    let Quirks {
        authorization_config_params,
        code,
        refresh,
        refresh_when,
        expires_in_unit,
        invalid_grant_codes,
        unknown_outcome: _,
        also,
        introspect,
        lookups,
        revocation,
        split,
    } = spec.quirks.unwrap_or(&Quirks::EMPTY);
    let path = ["keyway", "authorization", "config_params"];
    facts.members(REQUEST, &path, "the authorization parameter of the field", authorization_config_params);
    let standard = |grant| ExchangeQuirks { request: RequestQuirks::standard(&spec.auth, grant), then: &[] };
    exchange(facts, "code", &code.unwrap_or_else(|| standard(GrantType::AuthorizationCode)));
    exchange(facts, "refresh", &refresh.unwrap_or_else(|| standard(GrantType::RefreshToken)));
    facts.whole(ChangeKind::SignInChanged, &["keyway", "token", "refresh_when"], refresh_when);
    facts.whole(ChangeKind::SignInChanged, &["keyway", "token", "expires_in_unit"], expires_in_unit);
    facts.members(REQUEST, &["keyway", "token", "invalid_grant_codes"], "the refusal", invalid_grant_codes);
    for second in *also {
        let SecondToken { name, from: _, request: _, optional } = second;
        let added = if *optional { ChangeKind::SignInAdded } else { ChangeKind::SignInChanged };
        let seen = Seen::Whole(format!("{second:?}"));
        let path = ["keyway", "token", "also", name];
        facts.add((ChangeKind::SignInChanged, added), &path, format!("the second token `{name}`"), seen);
    }
    facts.whole(ChangeKind::SignInChanged, &["keyway", "token", "introspect"], introspect);
    for (index, lookup) in lookups.iter().enumerate() {
        let path = ["keyway", "lookups", &index.to_string()];
        facts.add(REQUEST, &path, format!("the look-up {}", index + 1), Seen::Whole(format!("{lookup:?}")));
    }
    if let Some(revocation) = revocation {
        let seen = Seen::Whole(format!("{revocation:?}"));
        facts.add(REQUEST, &["keyway", "revocation"], "the revocation".to_owned(), seen);
    }
    for SplitCredential { credential, into } in *split {
        let seen = Seen::Word(into.join(", "));
        facts.add(REQUEST, &["keyway", "split", credential], format!("the parts of `{credential}`"), seen);
    }
}

fn exchange(facts: &mut Facts<'_, '_>, key: &str, exchange: &ExchangeQuirks) {
    let ExchangeQuirks { request, then } = exchange;
    let path = ["keyway", "token", key];
    let place = path.join(".");
    let RequestQuirks { params, query, headers, .. } = *request;
    let is_text = request.body_format != BodyFormat::Json;
    let at = |part| [path.as_slice(), &[part]].concat();
    facts.params(&at("params"), &format!("parameter of `{place}`"), params, is_text, &STANDARD);
    facts.params(&at("query"), &format!("query parameter of `{place}`"), query, true, &[]);
    facts.headers(&at("headers"), headers, &STANDARD_HEADERS);
    facts.whole(ChangeKind::SignInChanged, &at("then"), then);
    // An endpoint's own way of sending and of proving the client has been told where the endpoint is.
    let others = RequestQuirks { params: &[], query: &[], headers: &[], ..*request };
    facts.whole(ChangeKind::SignInChanged, &path, &others);
}
