//! One token request with its answer.

use super::words::{MAX_NAMES, in_words, listed, path_of};
use super::{FlowLine, FlowMessage, PartyRole, answer, ask, code, says};
use keyway_spec::auth::{BodyFormat, ClientAuth, LoginRequest, TokenEndpoint};
use keyway_spec::quirks::{ExchangeQuirks, GrantType, Quirks, RequestQuirks, SecondToken};
use keyway_spec::{Auth, ProviderSpec, Template};

/// The requests that redeem a grant: the first, those that follow it, and those for further tokens.
pub(super) fn exchange(spec: &ProviderSpec, endpoint: &TokenEndpoint, grant: GrantType, got: &str) -> Vec<FlowMessage> {
    let quirks = spec.quirks.unwrap_or(&Quirks::EMPTY);
    let own = match grant {
        GrantType::AuthorizationCode => quirks.code,
        GrantType::RefreshToken => quirks.refresh,
        GrantType::ClientCredentials | GrantType::AccessToken | GrantType::Nothing => None,
    };
    let standard = ExchangeQuirks { request: RequestQuirks::standard(&spec.auth, grant), then: &[] };
    let own = own.unwrap_or(standard);
    let usual = match grant {
        GrantType::RefreshToken => endpoint.refresh_url.unwrap_or(endpoint.url),
        GrantType::AuthorizationCode | GrantType::ClientCredentials | GrantType::AccessToken | GrantType::Nothing => {
            endpoint.url
        }
    };
    let mut steps = vec![sent(&own.request, usual, uses_pkce(&spec.auth)), received(got)];
    for next in own.then {
        steps.push(sent(&next.request, usual, false));
        steps.push(received("what the first answer lacked"));
    }
    for second in quirks.also.iter().filter(|second| second.from.is_none() || grant == GrantType::RefreshToken) {
        steps.extend(further(second, usual));
    }
    steps
}

fn further(second: &SecondToken, usual: Template) -> [FlowMessage; 2] {
    [sent(&second.request, usual, false), received(&format!("a further token: {}", second.name))]
}

fn uses_pkce(auth: &Auth) -> bool {
    auth.code_flow().is_some_and(|(page, _)| page.pkce)
}

/// A request to the authorization server.
pub(super) fn sent(request: &RequestQuirks, usual: Template, pkce: bool) -> FlowMessage {
    let url = in_words(&request.url.unwrap_or(usual));
    let mut lines = vec![code(format!("{} {}", request.method.name(), path_of(&url)))];
    lines.extend(redeemed(request.grant, pkce).map(says));
    lines.extend(proof(request));
    ask(PartyRole::Program, PartyRole::Authorization, lines)
}

pub(super) fn received(what: &str) -> FlowMessage {
    answer(PartyRole::Authorization, PartyRole::Program, what)
}

fn redeemed(grant: GrantType, pkce: bool) -> Option<&'static str> {
    match grant {
        GrantType::AuthorizationCode if pkce => Some("the code and the PKCE verifier"),
        GrantType::AuthorizationCode => Some("the code"),
        GrantType::RefreshToken => Some("the refresh token"),
        GrantType::ClientCredentials => Some("asks as the client itself"),
        GrantType::AccessToken => Some("with the current access token"),
        GrantType::Nothing => None,
    }
}

/// The proof of the client, where it gives one.
fn proof(request: &RequestQuirks) -> Option<FlowLine> {
    let how = client_proof(request.client_auth)?;
    let place = match (request.client_auth, request.body_format) {
        (ClientAuth::Basic | ClientAuth::BasicRaw, BodyFormat::Json) => ", the rest as JSON",
        (ClientAuth::Basic | ClientAuth::BasicRaw, BodyFormat::Query) => ", the rest in the URL",
        (ClientAuth::Basic | ClientAuth::BasicRaw, BodyFormat::Form | BodyFormat::Xml)
        | (ClientAuth::PrivateKeyJwt, _) => "",
        (_, BodyFormat::Form) => " in the body",
        (_, BodyFormat::Json) => " in a JSON body",
        (_, BodyFormat::Query) => " in the URL",
        (_, BodyFormat::Xml) => " in an XML body",
    };
    Some(says(format!("{how}{place}")))
}

fn client_proof(method: ClientAuth) -> Option<&'static str> {
    match method {
        ClientAuth::Post => Some("client id and secret"),
        ClientAuth::Basic | ClientAuth::BasicRaw => Some("client id and secret as HTTP Basic"),
        ClientAuth::UsernamePassword => Some("client id and secret as user and password"),
        ClientAuth::PrivateKeyJwt => Some("a JWT signed with the client's key"),
        ClientAuth::Public => Some("client id, no secret"),
        ClientAuth::Nothing => None,
    }
}

/// A request of a login.
pub(super) fn login(request: &LoginRequest, what: &str) -> FlowMessage {
    let method = if request.get { "GET" } else { "POST" };
    let names: Vec<&str> = request.params.iter().map(|entry| entry.name).collect();
    let headers: Vec<&str> = request.headers.iter().map(|(name, _)| *name).collect();
    let mut lines = vec![code(format!("{method} {}", path_of(&in_words(&request.url)))), says(what)];
    for (title, names) in [("in the body", names), ("in headers", headers)] {
        if !names.is_empty() {
            lines.push(says(format!("{title}: {}", listed(&names, MAX_NAMES))));
        }
    }
    ask(PartyRole::Program, PartyRole::Authorization, lines)
}
