//! MCP servers: their authorization server is found, and clients register there.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod vendor;

use keyway_simulator::{ConsentDecision, EndpointKind, SimulatedAccount, Simulator};
use keyway_spec::template::{Node, Position, Reference, Root, Template};
use keyway_spec::{Auth, ProviderSpec, Proxy};
use serde_json::{Value, json};
use vendor::{CHALLENGE, Draft, NOW, VERIFIER, account, json, parameter, wrong};

const SERVER: Node =
    Node::Reference(Reference { root: Root::ConnectionConfig, path: "mcp_server_url", position: Position::Origin });

static MCP: ProviderSpec = ProviderSpec {
    key: "mcp",
    auth: Auth::McpOAuth2Generic,
    proxy: Some(Proxy { base_url: Template::Nodes(&[SERVER]), ..Proxy::EMPTY }),
    ..ProviderSpec::EMPTY
};

const RESOURCE: &str = "https://tools.example/mcp";
const ISSUER: &str = "https://auth.tools.example";

/// A mistake of a token request, and what the record says of it.
type TokenMistake = (&'static str, fn(&mut Draft), &'static str);

fn server() -> Simulator {
    let mut account = SimulatedAccount { scopes: Vec::new(), client_id: String::new(), ..account() };
    account.config.insert("mcp_server_url".into(), RESOURCE.into());
    Simulator::new(&MCP, account).unwrap()
}

fn get(url: &str) -> Draft {
    Draft::new("GET", url)
}

fn last(vendor: &Simulator) -> (EndpointKind, String) {
    let last = vendor.requests().last().unwrap();
    (last.endpoint, wrong(last))
}

fn metadata() -> Value {
    json!({
        "redirect_uris": ["https://app.example/callback"], "token_endpoint_auth_method": "none", "client_name": "App",
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
    })
}

fn register(metadata: &Value) -> Draft {
    Draft::new("POST", &format!("{ISSUER}/register")).body("application/json", &metadata.to_string())
}

/// The URL to which a browser is sent for a client.
fn page(client: &str) -> String {
    let query = [
        ("response_type", "code"),
        ("client_id", client),
        ("redirect_uri", "https://app.example/callback"),
        ("scope", "simulated:tools"),
        ("state", "0123456789abcdef0123"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("resource", RESOURCE),
    ];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    format!("{ISSUER}/authorize?{query}")
}

/// A client that found the server and registered.
fn registered(vendor: &mut Simulator) -> String {
    get("https://tools.example/.well-known/oauth-protected-resource/mcp").send(vendor, NOW);
    let answer = register(&metadata()).send(vendor, NOW);
    assert_eq!(answer.status(), 201, "{:?}", last(vendor));
    json(&answer)["client_id"].as_str().unwrap().to_owned()
}

fn redeem(client: &str, code: &str) -> Draft {
    Draft::new("POST", &format!("{ISSUER}/token")).form(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", "https://app.example/callback"),
        ("code_verifier", VERIFIER),
        ("client_id", client),
        ("resource", RESOURCE),
    ])
}

#[test]
fn the_metadata_of_a_resource_stands_where_its_path_and_query_say() {
    const BASE: &str = "https://tools.example/.well-known/oauth-protected-resource";
    for (resource, behind) in [
        ("https://tools.example", ""),
        ("https://tools.example/", ""),
        ("https://tools.example/mcp", "/mcp"),
        ("https://tools.example/mcp/", "/mcp/"),
        ("https://tools.example/mcp?tenant=1", "/mcp?tenant=1"),
        ("https://tools.example/?tenant=1", "?tenant=1"),
    ] {
        let mut account = SimulatedAccount { scopes: Vec::new(), client_id: String::new(), ..account() };
        account.config.insert("mcp_server_url".into(), resource.into());
        let mut vendor = Simulator::new(&MCP, account).unwrap();
        let answer = get(resource).send(&mut vendor, NOW);
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
        assert_eq!(challenge, format!("Bearer resource_metadata=\"{BASE}{behind}\""), "{resource}");
        let metadata = get(&format!("{BASE}{behind}")).send(&mut vendor, NOW);
        assert_eq!(json(&metadata)["resource"], resource, "{resource}");
    }
}

#[test]
fn a_client_on_its_own_machine_is_sent_back_to_any_port() {
    let mut vendor = server();
    get("https://tools.example/.well-known/oauth-protected-resource/mcp").send(&mut vendor, NOW);
    let mut said = metadata();
    said["redirect_uris"] = json!(["http://127.0.0.1:3000/callback"]);
    let client = json(&register(&said).send(&mut vendor, NOW))["client_id"].as_str().unwrap().to_owned();
    vendor.set_redirect_uri("http://127.0.0.1:3000/callback");
    let asked = |uri: &str| page(&client).replace("https%3A%2F%2Fapp.example%2Fcallback", uri);
    let here = asked("http%3A%2F%2F127.0.0.1%3A49152%2Fcallback");
    // The code is bound to the URI that was named, not to the one that was registered.
    for (uri, status) in [("127.0.0.1:3000", 400), ("127.0.0.1:49152", 200)] {
        let back = vendor.consent(&here, ConsentDecision::Approve, NOW).unwrap();
        assert!(back.starts_with("http://127.0.0.1:49152/callback?"), "{back}");
        let code = parameter(&back, "code").unwrap();
        let mut draft = redeem(&client, &code);
        draft.replace("https%3A%2F%2Fapp.example", &format!("http%3A%2F%2F{}", uri.replace(':', "%3A")));
        let answer = draft.send(&mut vendor, NOW);
        assert_eq!(answer.status(), status, "{uri} {:?}", last(&vendor));
    }
    let elsewhere = asked("http%3A%2F%2F127.0.0.1%3A49152%2Felsewhere");
    assert!(vendor.consent(&elsewhere, ConsentDecision::Approve, NOW).is_err());
}

#[test]
fn a_client_finds_the_server_registers_and_gets_a_token_for_the_resource() {
    let mut vendor = server();
    let answer = get(RESOURCE).send(&mut vendor, NOW);
    let challenge = answer.headers()["www-authenticate"].to_str().unwrap().to_owned();
    assert_eq!((answer.status().as_u16(), last(&vendor)), (401, (EndpointKind::Discovery, String::new())));
    let url = challenge.split('"').nth(1).unwrap();
    let resource = json(&get(url).send(&mut vendor, NOW));
    assert_eq!((&resource["resource"], &resource["authorization_servers"][0]), (&json!(RESOURCE), &json!(ISSUER)));
    let found = json(&get(&format!("{ISSUER}/.well-known/oauth-authorization-server")).send(&mut vendor, NOW));
    assert_eq!(found["issuer"], ISSUER);
    let other = get(&format!("{ISSUER}/.well-known/openid-configuration")).send(&mut vendor, NOW);
    assert_eq!((other.status().as_u16(), last(&vendor).1), (404, String::new()));
    let client = registered(&mut vendor);
    assert_eq!(last(&vendor).0, EndpointKind::Registration);
    let back = vendor.consent(&page(&client), ConsentDecision::Approve, NOW).unwrap();
    assert_eq!(parameter(&back, "iss").as_deref(), Some(ISSUER));
    let answer = redeem(&client, &parameter(&back, "code").unwrap()).send(&mut vendor, NOW);
    assert_eq!(answer.status(), 200, "{:?}", last(&vendor));
    let token = |name: &str| json(&answer)[name].as_str().unwrap().to_owned();
    let call =
        get("https://tools.example/mcp/things").header("authorization", &format!("Bearer {}", token("access_token")));
    assert_eq!(call.send(&mut vendor, NOW).status(), 200, "{:?}", last(&vendor));
    let refresh = |token: &str, resource: &str| {
        Draft::new("POST", &format!("{ISSUER}/token")).form(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", &client),
            ("resource", resource),
        ])
    };
    assert_eq!(refresh(&token("refresh_token"), "https://other.example").send(&mut vendor, NOW).status(), 400);
    assert!(last(&vendor).1.contains("`resource`"), "{:?}", last(&vendor));
    let refresh = refresh(&token("refresh_token"), RESOURCE);
    assert_eq!(refresh.send(&mut vendor, NOW).status(), 200, "{:?}", last(&vendor));
    assert_eq!(refresh.send(&mut vendor, NOW).status(), 400, "used twice");
}

#[test]
fn mistakes_of_registrations_are_refused() {
    let with = |name: &str, value: Value| {
        let mut metadata = metadata();
        metadata[name] = value;
        register(&metadata)
    };
    let mut carrying = register(&metadata()).header("authorization", "Bearer token");
    for (name, draft, error, reason) in [
        ("no redirect URI", with("redirect_uris", json!([])), "invalid_redirect_uri", "`redirect_uris`"),
        ("a plain one", with("redirect_uris", json!(["http://a.example/"])), "invalid_redirect_uri", "`redirect_uris`"),
        (
            "a secret is wanted",
            with("token_endpoint_auth_method", json!("client_secret_basic")),
            "invalid_client_metadata",
            "`token_endpoint_auth_method`",
        ),
        (
            "no method is said",
            with("token_endpoint_auth_method", Value::Null),
            "invalid_client_metadata",
            "`token_endpoint_auth_method`",
        ),
        ("no refresh", with("grant_types", json!(["authorization_code"])), "invalid_client_metadata", "`grant_types`"),
        ("a token at once", with("response_types", json!(["token"])), "invalid_client_metadata", "`response_types`"),
        ("no name", with("client_name", json!("")), "invalid_client_metadata", "`client_name`"),
        ("a credential", carrying.clone(), "", "the header `authorization`"),
    ] {
        let mut vendor = server();
        let answer = draft.send(&mut vendor, NOW);
        assert_eq!(answer.status(), 400, "{name}: {:?}", last(&vendor));
        assert!(String::from_utf8_lossy(answer.body()).contains(error), "{name}");
        assert!(last(&vendor).1.contains(reason), "{name}: {:?}", last(&vendor));
    }
    carrying.without("authorization");
    assert_eq!(carrying.send(&mut server(), NOW).status(), 201);
}

#[test]
fn mistakes_of_a_registered_client_are_refused() {
    for (name, from, to, reason) in [
        ("no resource", "&resource=https%3A%2F%2Ftools.example%2Fmcp", "", "`resource`"),
        ("another resource", "tools.example%2Fmcp", "tools.example%2Fother", "`resource`"),
        ("another redirect URI", "callback", "elsewhere", "`redirect_uri`"),
        ("no challenge", "code_challenge=", "challenge=", "`code_challenge`"),
        ("another scope", "simulated%3Atools", "admin", "`scope`"),
    ] {
        let mut vendor = server();
        let client = registered(&mut vendor);
        let url = page(&client).replacen(from, to, 1);
        let outcome = vendor.consent(&url, ConsentDecision::Approve, NOW);
        let refused =
            outcome.map_or_else(|refused| refused.reason, |back| parameter(&back, "error_description").unwrap_or(back));
        assert!(refused.contains(reason.trim_matches('`')), "{name}: {refused}");
        assert!(vendor.consent(&page(&client), ConsentDecision::Approve, NOW).is_ok(), "{name}");
    }
    let mistakes: [TokenMistake; 4] = [
        ("no resource", |draft| draft.replace("&resource=https%3A%2F%2Ftools.example%2Fmcp", ""), "`resource`"),
        ("another client", |draft| draft.replace("client_id=client_", "client_id=other_"), "`client_id`"),
        ("a secret", |draft| draft.body.push_str("&client_secret=x"), "`client_secret`"),
        ("no verifier", |draft| draft.replace("code_verifier=", "verifier="), "`code_verifier`"),
    ];
    for (name, mistake, reason) in mistakes {
        let mut vendor = server();
        let client = registered(&mut vendor);
        let back = vendor.consent(&page(&client), ConsentDecision::Approve, NOW).unwrap();
        let mut draft = redeem(&client, &parameter(&back, "code").unwrap());
        mistake(&mut draft);
        assert!(draft.send(&mut vendor, NOW).status().is_client_error(), "{name}");
        assert!(last(&vendor).1.contains(reason), "{name}: {:?}", last(&vendor));
    }
}
