//! Apps and plugins that are installed on a page of the vendor's.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod vendor;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyway_simulator::{ConsentDecision, EndpointKind, SimulatedAccount, Simulator};
use keyway_spec::auth::{App, Authorization, Custom, InstallPlugin, TokenEndpoint};
use keyway_spec::template::{Node, Position, Reference, Root, Template};
use keyway_spec::{Auth, ProviderSpec, Proxy};
use serde_json::{Value, json};
use vendor::{Draft, NOW, account, json, parameter, wrong};

const SECONDS: i64 = NOW / 1000;
const STATE: &str = "0123456789abcdef0123";

const PAGE: &[Node] = &[
    Node::Reference(Reference { root: Root::AppPublicLink, path: "", position: Position::Origin }),
    Node::Text("/installations/new"),
];
const TOKENS: &[Node] = &[
    Node::Text("https://api.app.example/installations/"),
    Node::Reference(Reference { root: Root::ConnectionConfig, path: "installation_id", position: Position::Segment }),
    Node::Text("/access_tokens"),
];
const BASE: Option<Proxy> = Some(Proxy { base_url: Template::Text("https://api.app.example"), ..Proxy::EMPTY });

static APP: ProviderSpec = ProviderSpec {
    key: "app",
    auth: Auth::App(App { authorization_url: Template::Nodes(PAGE), token_url: Template::Nodes(TOKENS) }),
    proxy: BASE,
    ..ProviderSpec::EMPTY
};

static CUSTOM: ProviderSpec = ProviderSpec {
    key: "custom",
    auth: Auth::Custom(Custom {
        authorization: Authorization { url: Some(Template::Nodes(PAGE)), ..Authorization::EMPTY },
        token: TokenEndpoint { url: Template::Text("https://app.example/access_token"), ..TokenEndpoint::EMPTY },
        app_token_url: Template::Nodes(TOKENS),
    }),
    proxy: BASE,
    ..ProviderSpec::EMPTY
};

static PLUGIN: ProviderSpec = ProviderSpec {
    key: "plugin",
    auth: Auth::InstallPlugin(InstallPlugin { authorization_url: None, redirect_uri_metadata: &["website_id"] }),
    proxy: BASE,
    ..ProviderSpec::EMPTY
};

const TOKEN_URL: &str = "https://api.app.example/installations/17/access_tokens";

/// A mistake, the status that is answered, and what the record says of it.
type ProofMistake = (&'static str, fn(&mut Draft), u16, &'static str);

fn installed(spec: &'static ProviderSpec) -> Simulator {
    let mut account = SimulatedAccount { app_link: "https://app.example/apps/acme".into(), ..account() };
    account.config.insert("installation_id".into(), "17".into());
    account.config.insert("website_id".into(), "site-1".into());
    for (name, value) in [("app_id", "4711"), ("username", "plugin"), ("password", "plugin-password")] {
        account.settings.insert(name.into(), value.into());
    }
    Simulator::new(spec, account).unwrap()
}

fn consent(vendor: &mut Simulator, url: &str) -> Result<String, String> {
    vendor.consent(url, ConsentDecision::Approve, NOW).map_err(|refused| refused.reason)
}

fn page_url() -> String {
    format!("https://app.example/apps/acme/installations/new?state={STATE}")
}

/// A JWT of these members. Its signature is not verified; its length is.
fn jwt(header: &Value, claims: &Value, signature: usize) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(claims), URL_SAFE_NO_PAD.encode(vec![7; signature]))
}

fn proof(issuer: &str) -> String {
    let claims = json!({"iat": SECONDS - 60, "exp": SECONDS + 540, "iss": issuer});
    jwt(&json!({"alg": "RS256", "typ": "JWT"}), &claims, 256)
}

fn asked(proof: &str) -> Draft {
    Draft::new("POST", TOKEN_URL).header("authorization", &format!("Bearer {proof}")).body("application/json", "{}")
}

fn call(token: &str) -> Draft {
    Draft::new("GET", "https://api.app.example/things").header("authorization", &format!("Bearer {token}"))
}

#[test]
fn an_app_is_installed_and_its_token_is_good_for_an_hour() {
    let mut vendor = installed(&APP);
    let back = consent(&mut vendor, &page_url()).unwrap();
    assert_eq!(back, format!("https://app.example/callback?installation_id=17&setup_action=install&state={STATE}"));
    let answer = asked(&proof("client 1")).send(&mut vendor, NOW);
    assert_eq!(answer.status(), 201, "{}", wrong(vendor.requests().last().unwrap()));
    assert_eq!(vendor.requests().last().unwrap().endpoint, EndpointKind::TokenClient);
    let token = json(&answer)["token"].as_str().unwrap().to_owned();
    assert_eq!(json(&answer)["expires_at"], "2026-07-03T01:00:00.000Z");
    assert_eq!(call(&token).send(&mut vendor, NOW + 3_599_000).status(), 200);
    assert_eq!(call(&token).send(&mut vendor, NOW + 3_600_000).status(), 401);
    assert_eq!(call(&proof("client 1")).send(&mut vendor, NOW).status(), 401, "the proof is no token");
    assert!(!format!("{:?}", vendor.requests()).contains(&token));
}

#[test]
fn mistakes_of_installation_pages_are_refused() {
    for (spec, name, url, reason) in [
        (&APP, "no state", "https://app.example/apps/acme/installations/new".to_owned(), "`state`"),
        (&APP, "a short state", "https://app.example/apps/acme/installations/new?state=1".to_owned(), "`state`"),
        (&APP, "a parameter of OAuth", format!("{}&client_id=client+1", page_url()), "`client_id`"),
        (&APP, "another page", page_url().replace("/new", "/old"), "the URL"),
        (&CUSTOM, "a challenge", format!("{}&code_challenge={}", page_url(), vendor::CHALLENGE), "`code_challenge`"),
        (
            &PLUGIN,
            "the state in another parameter",
            format!("https://app.example/apps/acme?state={STATE}"),
            "`payload`",
        ),
    ] {
        let refused = consent(&mut installed(spec), &url).unwrap_err();
        assert!(refused.contains(reason), "{name}: {refused}");
    }
}

#[test]
fn mistakes_of_an_apps_proof_are_refused() {
    let header = json!({"alg": "RS256", "typ": "JWT"});
    let claims = |iat: i64, exp: i64| json!({"iat": SECONDS + iat, "exp": SECONDS + exp, "iss": "client 1"});
    let right = claims(-60, 540);
    for (name, proof, reason) in [
        ("another app", proof("client 2"), "`iss`"),
        ("from the future", jwt(&header, &claims(1, 540), 256), "`iat`"),
        ("longer than ten minutes", jwt(&header, &claims(-60, 601), 256), "`exp`"),
        ("expired", jwt(&header, &claims(-600, 0), 256), "`exp`"),
        ("without an end", jwt(&header, &json!({"iat": SECONDS, "iss": "client 1"}), 256), "`exp`"),
        ("another algorithm", jwt(&json!({"alg": "HS256"}), &right, 256), "`alg`"),
        ("a short signature", jwt(&header, &right, 32), "signature"),
        ("no JWT", "client-secret".to_owned(), "the app's JWT"),
    ] {
        let mut vendor = installed(&APP);
        assert_eq!(asked(&proof).send(&mut vendor, NOW).status(), 401, "{name}");
        let seen = wrong(vendor.requests().last().unwrap());
        assert!(seen.contains(reason), "{name}: {seen}");
    }
    let mistakes: [ProofMistake; 5] = [
        ("another installation", |draft| draft.replace("/17/", "/18/"), 401, "`authorization`"),
        ("a GET", |draft| draft.method = "GET", 405, "the method"),
        ("a parameter", |draft| draft.url.push_str("?a=1"), 400, "parameters of the URL"),
        ("another body", |draft| draft.body = r#"{"grant_type": "x"}"#.into(), 400, "the body"),
        ("no proof", |draft| draft.without("authorization"), 401, "`authorization`"),
    ];
    for (name, mistake, status, reason) in mistakes {
        let mut vendor = installed(&APP);
        let mut draft = asked(&proof("client 1"));
        mistake(&mut draft);
        assert_eq!(draft.send(&mut vendor, NOW).status(), status, "{name}");
        let seen = wrong(vendor.requests().last().unwrap());
        assert!(seen.contains(reason), "{name}: {seen}");
    }
}

#[test]
fn an_app_with_a_user_has_a_token_of_each_and_calls_carry_the_installations() {
    let mut vendor = installed(&CUSTOM);
    let back = consent(&mut vendor, &page_url()).unwrap();
    let code = parameter(&back, "code").unwrap();
    assert_eq!(parameter(&back, "installation_id").as_deref(), Some("17"));
    let redeem = Draft::new("POST", "https://app.example/access_token").form(&[
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", "https://app.example/callback"),
        ("client_id", "client 1"),
        ("client_secret", "se+cret:of/client"),
    ]);
    let answer = redeem.send(&mut vendor, NOW);
    assert_eq!(answer.status(), 200, "{}", wrong(vendor.requests().last().unwrap()));
    let user = json(&answer)["access_token"].as_str().unwrap().to_owned();
    // The app is another than the client that users sign in to.
    assert_eq!(asked(&proof("client 1")).send(&mut vendor, NOW).status(), 401);
    let answer = asked(&proof("4711")).send(&mut vendor, NOW);
    assert_eq!(answer.status(), 201, "{}", wrong(vendor.requests().last().unwrap()));
    let token = json(&answer)["token"].as_str().unwrap().to_owned();
    assert_eq!(call(&token).send(&mut vendor, NOW).status(), 200, "{}", wrong(vendor.requests().last().unwrap()));
    assert_eq!(call(&user).send(&mut vendor, NOW).status(), 401, "the user's token is another");
}

#[test]
fn a_plugin_is_installed_and_calls_are_the_operators() {
    let mut vendor = installed(&PLUGIN);
    let back = consent(&mut vendor, &format!("https://app.example/apps/acme?payload={STATE}")).unwrap();
    assert_eq!(back, format!("https://app.example/callback?website_id=site-1&payload={STATE}"));
    let call =
        |authorization: &str| Draft::new("GET", "https://api.app.example/site").header("authorization", authorization);
    // `plugin:plugin-password`, and the customer's own.
    assert_eq!(call("Basic cGx1Z2luOnBsdWdpbi1wYXNzd29yZA==").send(&mut vendor, NOW).status(), 200);
    let customers = "Basic amFuZUBhY21lLmV4YW1wbGU6cGFzczp3b3JkIG9mIGphbmU=";
    assert_eq!(call(customers).send(&mut vendor, NOW).status(), 401);
}
