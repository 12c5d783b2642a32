//! The requests by which each mode signs in. Every mode is here, so that a new one has to be.

use super::requests::{exchange, login, received};
use super::words::{MAX_NAMES, in_words, listed, path_of};
use super::{FlowMessage, PartyRole, ask, code, consent, note, says};
use keyway_spec::auth::{
    App, Assertion, Authorization, ClientRegistration, InstallPlugin, Jwt, McpOAuth2, OAuth1, OAuth2, TokenEndpoint,
    TwoStep,
};
use keyway_spec::quirks::{GrantType, Quirks, RefreshWhen};
use keyway_spec::{Auth, ProviderSpec, Template};

/// The requests between the form and the first call.
pub(super) fn signing_in(spec: &ProviderSpec) -> Vec<FlowMessage> {
    match &spec.auth {
        Auth::OAuth2(mode) => oauth2(spec, mode),
        Auth::McpOAuth2(mode) => mcp(spec, mode),
        Auth::McpOAuth2Generic => any_mcp(),
        Auth::Custom(mode) => {
            let mut steps = code_flow(spec, &mode.authorization, &mode.token, &["installation_id"]);
            steps.extend(installation(&mode.app_token_url));
            steps
        }
        Auth::App(mode) => app(mode),
        Auth::InstallPlugin(mode) => plugin(mode),
        Auth::OAuth1(mode) => oauth1(mode),
        Auth::OAuth2ClientCredentials(_)
        | Auth::TwoStep(_)
        | Auth::Jwt(_)
        | Auth::Signature(_)
        | Auth::Bill(_)
        | Auth::AwsSigV4 => at_once(spec),
        Auth::ApiKey | Auth::Basic | Auth::Tba | Auth::None => Vec::new(),
    }
}

/// The requests by which a mode obtains a token without a person, the first time and every other time.
pub(super) fn at_once(spec: &ProviderSpec) -> Vec<FlowMessage> {
    match &spec.auth {
        Auth::OAuth2ClientCredentials(mode) => {
            exchange(spec, &mode.token, GrantType::ClientCredentials, &got("access token", &mode.token))
        }
        Auth::TwoStep(mode) => two_step(mode),
        Auth::Jwt(jwt) => vec![signs(jwt)],
        Auth::Signature(_) => vec![note(PartyRole::Program, "makes a WSSE token, new for each call")],
        Auth::Bill(mode) => {
            let lines = vec![code(format!("POST {}", path_of(mode.token_url))), says("logs in")];
            vec![ask(PartyRole::Program, PartyRole::Authorization, lines), received("a session")]
        }
        Auth::AwsSigV4 => {
            let lines = vec![code("AssumeRole"), says("the customer's role, asked for as you")];
            vec![ask(PartyRole::Program, PartyRole::Authorization, lines), received("temporary keys")]
        }
        Auth::App(mode) => installation(&mode.token_url),
        Auth::Custom(mode) => installation(&mode.app_token_url),
        Auth::OAuth2(_)
        | Auth::McpOAuth2(_)
        | Auth::McpOAuth2Generic
        | Auth::InstallPlugin(_)
        | Auth::OAuth1(_)
        | Auth::ApiKey
        | Auth::Basic
        | Auth::Tba
        | Auth::None => Vec::new(),
    }
}

fn oauth2(spec: &ProviderSpec, mode: &OAuth2) -> Vec<FlowMessage> {
    let Some(outbound) = mode.outbound else { return code_flow(spec, &mode.authorization, &mode.token, &[]) };
    let mut steps = vec![
        ask(PartyRole::Customer, PartyRole::Authorization, vec![says("installs the app on the vendor's side")]),
        ask(
            PartyRole::Authorization,
            PartyRole::Program,
            vec![
                says("a webhook, with"),
                code(listed(&[&[outbound.code_path], outbound.metadata].concat(), MAX_NAMES)),
            ],
        ),
    ];
    steps.extend(exchange(spec, &mode.token, GrantType::AuthorizationCode, &tokens(spec, &mode.token)));
    steps
}

fn code_flow(
    spec: &ProviderSpec,
    authorization: &Authorization,
    token: &TokenEndpoint,
    also: &[&str],
) -> Vec<FlowMessage> {
    let mut steps = consent::page(authorization, also);
    steps.extend(exchange(spec, token, GrantType::AuthorizationCode, &tokens(spec, token)));
    steps
}

/// The answer to a code.
fn tokens(spec: &ProviderSpec, token: &TokenEndpoint) -> String {
    let never = spec.quirks.unwrap_or(&Quirks::EMPTY).refresh_when == RefreshWhen::Never;
    got(if never { "access token" } else { "access token, refresh token if any" }, token)
}

/// An answer with the values that become configuration.
fn got(what: &str, token: &TokenEndpoint) -> String {
    match token.response_metadata {
        [] => what.to_owned(),
        names => format!("{what}; {}", listed(names, MAX_NAMES)),
    }
}

fn mcp(spec: &ProviderSpec, mode: &McpOAuth2) -> Vec<FlowMessage> {
    let mut steps = match mode.registration {
        ClientRegistration::Dynamic { url, .. } => registration(&format!("POST {}", path_of(url))),
        ClientRegistration::MetadataDocument => {
            vec![note(PartyRole::Program, "its client id is the URL of its metadata")]
        }
        ClientRegistration::Static => Vec::new(),
    };
    steps.extend(code_flow(spec, &mode.authorization, &mode.token, &[]));
    steps
}

fn registration(request: &str) -> Vec<FlowMessage> {
    let lines = vec![code(request), says("registers itself as a client")];
    vec![ask(PartyRole::Program, PartyRole::Authorization, lines), received("a client id")]
}

/// A server that the customer names leads to its authorization server.
fn any_mcp() -> Vec<FlowMessage> {
    let mut steps = vec![
        ask(PartyRole::Program, PartyRole::Api, vec![says("asks without a token")]),
        super::answer(PartyRole::Api, PartyRole::Program, "401, and who authorizes for it"),
        ask(PartyRole::Program, PartyRole::Authorization, vec![says("reads its metadata")]),
        received("its endpoints"),
    ];
    steps.extend(registration("POST to its registration endpoint"));
    steps.extend(consent::visit(None, "with state, PKCE, resource", &["code", "state"]));
    let lines = vec![says("the code and the PKCE verifier")];
    steps.push(ask(PartyRole::Program, PartyRole::Authorization, lines));
    steps.push(received("access token, refresh token if any"));
    steps
}

fn app(mode: &App) -> Vec<FlowMessage> {
    let mut steps = consent::visit(Some(&mode.authorization_url), "with state", &["installation_id", "state"]);
    steps.extend(installation(&mode.token_url));
    steps
}

/// A token of the installation, asked for as the app.
fn installation(url: &Template) -> Vec<FlowMessage> {
    let request = code(format!("POST {}", path_of(&in_words(url))));
    let lines = vec![request, says("a JWT signed with the app's key")];
    vec![ask(PartyRole::Program, PartyRole::Authorization, lines), received("a token of the installation")]
}

fn plugin(mode: &InstallPlugin) -> Vec<FlowMessage> {
    let names = [&["payload"], mode.redirect_uri_metadata].concat();
    consent::visit(mode.authorization_url.as_ref(), "with state", &names)
}

fn oauth1(mode: &OAuth1) -> Vec<FlowMessage> {
    let signed = format!("signed with {}", mode.signature_method.name());
    let at = |url: &str, what: &str| {
        let lines = vec![code(format!("POST {}", path_of(url))), says(what), says(signed.clone())];
        ask(PartyRole::Program, PartyRole::Authorization, lines)
    };
    let mut steps = vec![at(mode.request_url, "asks for a temporary token"), received("a temporary token")];
    let names = [&["oauth_token", "oauth_verifier"], mode.redirect_uri_metadata].concat();
    let url = Template::Text("");
    let mut visit = consent::visit(Some(&url), "with the temporary token", &names);
    if let Some(agreed) = visit.get_mut(1) {
        agreed.lines.insert(0, code(path_of(mode.authorization_url)));
    }
    steps.extend(visit);
    steps.extend([at(mode.token_url, "with the verifier"), received("an access token and its secret")]);
    steps
}

fn two_step(mode: &TwoStep) -> Vec<FlowMessage> {
    let mut steps = Vec::new();
    steps.extend(mode.token.map(signs));
    steps.extend(mode.assertion.map(|assertion| match assertion {
        Assertion::Jwt { .. } => note(PartyRole::Program, "signs an assertion (RFC 7523)"),
        Assertion::Saml(_) => note(PartyRole::Program, "makes a SAML assertion (RFC 7522)"),
    }));
    steps.push(login(&mode.login, "logs in"));
    for next in mode.additional_steps {
        steps.push(received("what the next request needs"));
        steps.push(login(next, "goes on"));
    }
    let place = match mode.response.token {
        "" => "a token, the whole answer".to_owned(),
        path => format!("a token, at {path}"),
    };
    let metadata = listed(mode.response_metadata, MAX_NAMES);
    steps.push(received(&if metadata.is_empty() { place } else { format!("{place}; {metadata}") }));
    steps
}

fn signs(jwt: &Jwt) -> FlowMessage {
    let minutes = jwt.expires_in_ms / 60_000;
    let lifetime = if minutes > 0 { format!(", good for {minutes} min") } else { String::new() };
    note(PartyRole::Program, format!("signs a JWT{lifetime}"))
}
