//! Which requests an entry leads to, in which order, with what.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_portrait::flow::{Flow, FlowLine, FlowStep, PartyRole, carriers, flow};
use keyway_spec::auth::{
    App, Authorization, Bill, ClientAuth, ClientCredentials, ClientRegistration, Custom, InstallPlugin, Jwt, KeyKind,
    LoginRequest, McpOAuth2, OAuth1, OAuth2, Outbound, Signature, TokenEndpoint, TokenResponse, TwoStep,
};
use keyway_spec::quirks::{Lookup, LookupChoice, Quirks, RefreshWhen, RequestQuirks, RevocationQuirks, RevokedToken};
use keyway_spec::{Auth, Mode, Node, Position, ProviderSpec, Proxy, Reference, Root, Template, Verification};

const AUTHORIZATION: Authorization = Authorization {
    url: Some(Template::Text("https://acme.example/consent?x=y")),
    redirect_uri_metadata: &["realm"],
    ..Authorization::EMPTY
};
const TOKEN: TokenEndpoint = TokenEndpoint {
    url: Template::Text("https://acme.example/token"),
    client_auth: ClientAuth::Basic,
    ..TokenEndpoint::EMPTY
};
const CODE_FLOW: Auth = Auth::OAuth2(OAuth2 { authorization: AUTHORIZATION, token: TOKEN, outbound: None });

fn spec(auth: &Auth) -> ProviderSpec {
    let base_url = Template::Text("https://api.acme.example");
    ProviderSpec {
        key: "acme",
        display_name: "Acme",
        auth: *auth,
        proxy: Some(Proxy { base_url, ..Proxy::EMPTY }),
        ..ProviderSpec::EMPTY
    }
}

/// Steps as `Your program > API: GET /me; ...`, headings as they are.
fn said(flow: &Flow) -> Vec<String> {
    let name = |role: PartyRole| match role {
        PartyRole::Customer => "customer",
        PartyRole::Program => "program",
        PartyRole::Authorization => "server",
        PartyRole::Api => "api",
    };
    let step = |step: &FlowStep| match step {
        FlowStep::Phase(title) => format!("# {title}"),
        FlowStep::Message(message) => {
            let lines: Vec<&str> = message.lines.iter().map(FlowLine::text).collect();
            let sign = if message.is_answer { "<" } else { ">" };
            format!("{} {sign} {}: {}", name(message.from), name(message.to), lines.join("; "))
        }
    };
    flow.steps.iter().map(step).collect()
}

#[test]
fn a_code_flow_is_told_from_the_page_to_the_renewal() {
    assert_eq!(
        said(&flow(&spec(&CODE_FLOW))),
        [
            "# Connect",
            "program > customer: sends to the vendor's page; with state, PKCE, scopes",
            "customer > server: /consent; signs in and agrees",
            "server < customer: a redirect",
            "customer > program: comes back with; code, state and realm",
            "program > server: POST /token; the code and the PKCE verifier; client id and secret as HTTP Basic",
            "server < program: access token, refresh token if any",
            "# Call",
            "program > api: https://api.acme.example/...; authorization: Bearer <access_token>",
            "api < program: the answer",
            "# Renew, before the token expires and after a 401",
            "program > server: POST /token; the refresh token; client id and secret as HTTP Basic",
            "server < program: a new access token",
        ]
    );
}

#[test]
fn quirks_change_the_steps_that_they_are_about() {
    let request = |url| RequestQuirks {
        url: Some(Template::Text(url)),
        client_auth: ClientAuth::Nothing,
        ..RequestQuirks::EMPTY
    };
    let revocation = RevocationQuirks { request: request("https://acme.example/revoke"), token: RevokedToken::Both };
    let lookup = Lookup {
        url: Template::Text("https://api.acme.example/tenants"),
        headers: &[],
        items: Some(""),
        choose: Some(LookupChoice { value: "id", label: None }),
        set: &[("tenant", "id")],
        ..Lookup::EMPTY
    };
    for (quirks, expected) in [
        (
            Quirks { refresh_when: RefreshWhen::Never, ..Quirks::EMPTY },
            &["program > program: cannot renew it: the customer connects again", "server < program: access token"][..],
        ),
        (
            Quirks { revocation: Some(revocation), ..Quirks::EMPTY },
            &["# Disconnect", "program > server: POST /revoke; revokes both tokens"],
        ),
        (
            Quirks { lookups: Vec::leak(vec![lookup]), ..Quirks::EMPTY },
            &[
                "program > api: GET /tenants; looks up the account that was connected",
                "api < program: tenant",
                "customer > program: chooses one, where there are several",
            ],
        ),
        (
            Quirks { introspect: Some(request("https://acme.example/introspect")), ..Quirks::EMPTY },
            &[
                "program > server: POST /introspect; asks whether the token is active",
                "server < program: that it is, and until when",
            ],
        ),
    ] {
        let told = said(&flow(&ProviderSpec { quirks: Some(Box::leak(Box::new(quirks))), ..spec(&CODE_FLOW) }));
        for line in expected {
            assert!(told.iter().any(|known| known == line), "`{line}` is not in {told:#?}");
        }
    }
}

#[test]
fn every_mode_signs_in_in_its_own_way() {
    let text = Template::Text("https://acme.example/login");
    let jwt = Jwt { key_kind: KeyKind::Rsa, signing_key: text, expires_in_ms: 600_000, header: &[], payload: &[] };
    let outbound = Outbound { code_path: "code", metadata: &["site"] };
    let login = LoginRequest { url: text, ..LoginRequest::EMPTY };
    let response = TokenResponse { token: "data.jwt", ..TokenResponse::EMPTY };
    let registration = ClientRegistration::Dynamic { url: "https://acme.example/register", params: &[] };
    let cases = [
        (CODE_FLOW, "customer > server: /consent; signs in and agrees"),
        (
            Auth::OAuth2(OAuth2 { authorization: AUTHORIZATION, token: TOKEN, outbound: Some(outbound) }),
            "server > program: a webhook, with; code and site",
        ),
        (
            Auth::OAuth2ClientCredentials(ClientCredentials { token: TOKEN, ..ClientCredentials::EMPTY }),
            "program > server: POST /token; asks as the client itself; client id and secret as HTTP Basic",
        ),
        (Auth::ApiKey, "program > api: https://api.acme.example/..."),
        (
            Auth::Basic,
            "program > api: https://api.acme.example/...; authorization: Basic base64(<username>:<password>)",
        ),
        (Auth::TwoStep(TwoStep { login, response, ..TwoStep::EMPTY }), "server < program: a token, at data.jwt"),
        (Auth::Jwt(jwt), "program > program: signs a JWT, good for 10 min"),
        (Auth::Signature(Signature { expires_in_ms: 1 }), "program > program: makes a WSSE token, new for each call"),
        (
            Auth::OAuth1(OAuth1 { request_url: "https://acme.example/request", ..OAuth1::EMPTY }),
            "program > server: POST /request; asks for a temporary token; signed with HMAC-SHA1",
        ),
        (Auth::Tba, "program > api: https://api.acme.example/...; signed as a whole: token-based authentication"),
        (
            Auth::McpOAuth2(McpOAuth2 { authorization: AUTHORIZATION, token: TOKEN, registration }),
            "program > server: POST /register; registers itself as a client",
        ),
        (Auth::McpOAuth2Generic, "api < program: 401, and who authorizes for it"),
        (
            Auth::App(App { authorization_url: text, token_url: text }),
            "program > server: POST /login; a JWT signed with the app's key",
        ),
        (
            Auth::Custom(Custom { authorization: AUTHORIZATION, token: TOKEN, app_token_url: text }),
            "customer > program: comes back with; code, state, realm and installation_id",
        ),
        (
            Auth::InstallPlugin(InstallPlugin { authorization_url: Some(text), redirect_uri_metadata: &["site"] }),
            "customer > program: comes back with; payload and site",
        ),
        (Auth::Bill(Bill { token_url: "https://acme.example/session" }), "program > server: POST /session; logs in"),
        (Auth::AwsSigV4, "program > server: AssumeRole; the customer's role, asked for as you"),
        (Auth::None, "program > api: https://api.acme.example/..."),
    ];
    for (auth, expected) in &cases {
        let told = said(&flow(&spec(auth)));
        assert!(told.iter().any(|line| line == expected), "{}: `{expected}` is not in {told:#?}", auth.mode());
        let is_renewed = told.iter().any(|line| line.starts_with("# Renew"));
        assert_eq!(is_renewed, auth.facts().refreshes, "{}: {told:#?}", auth.mode());
    }
    let missing = Mode::ALL.iter().find(|mode| cases.iter().all(|(auth, _)| auth.kind() != **mode));
    assert_eq!(missing, None);
}

#[test]
fn a_call_names_every_place_of_its_credential_and_no_other() {
    let named = |root, path| Node::Reference(Reference { root, path, position: Position::Text });
    let key = Template::Nodes(Vec::leak(vec![Node::Text("Token "), named(Root::Credentials, "apiKey")]));
    let region = Template::Nodes(Vec::leak(vec![named(Root::ConnectionConfig, "region")]));
    let proxy = Proxy {
        headers: Vec::leak(vec![("authorization", key), ("x-region", region)]),
        query: Vec::leak(vec![("key", key)]),
        ..Proxy::EMPTY
    };
    let lines = |auth: Auth| -> Vec<String> {
        carriers(&ProviderSpec { proxy: Some(proxy), ..spec(&auth) })
            .iter()
            .map(|line| line.text().to_owned())
            .collect()
    };
    assert_eq!(lines(Auth::ApiKey), ["authorization: Token <apiKey>", "?key=Token <apiKey>"]);
    // The entry's own header takes the place of the mode's.
    assert_eq!(lines(CODE_FLOW), lines(Auth::ApiKey));
    assert_eq!(lines(Auth::Bill(Bill { token_url: "" }))[..2], ["sessionid: <session_id>", "devkey: <dev_key>"]);
}

#[test]
fn a_probe_stands_before_the_account_is_connected() {
    let endpoints = &[Template::Text("/me?x=y")];
    let verification = Some(Verification { endpoints, ..Verification::EMPTY });
    let proxy = Some(Proxy { verification, ..Proxy::EMPTY });
    let told = said(&flow(&ProviderSpec { proxy, ..spec(&Auth::ApiKey) }));
    assert_eq!(told[1], "program > api: GET /me; proves the credential, before it is stored");
    assert_eq!(told[2], "api < program: 2xx: the account is connected");
}
