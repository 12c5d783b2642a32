//! Claims about sign-in pages and token requests.

use super::{Account, findings, says, spec};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyway::auth::exchange::{Answer, Ask, Grant, Page, Step};
use keyway::auth::{page, step};
use serde_json::Map;

const OAUTH2: &str = "    auth_mode: OAUTH2
    authorization_url: https://a.example/authorize
    token_url: https://a.example/token
    proxy: {base_url: https://a.example}
";
const CC: &str = "    auth_mode: OAUTH2_CC
    token_url: https://a.example/token
    proxy: {base_url: https://a.example}
";

#[test]
fn a_sign_in_page_has_what_the_pages_say() {
    for (rule, words, keys, has, lacks) in [
        ("KW0372", "it is new for every flow", "", "&state=s-1", "fixed"),
        ("KW0372", "no flow of a fixed one", "    authorization_params: {state: fixed}\n", "&state=fixed", "s-1"),
        ("KW0377", "silently beats the scopes", "    authorization_params: {scope: fixed}\n", "&scope=fixed", "own"),
        ("KW0377", "`default_scopes` asks for scopes", "    default_scopes: [d]\n", "&scope=own", "=d"),
        (
            "KW0376",
            "is a scope that the server does not know",
            "    scope_separator: ','\n",
            "&scope=own%2Cx+y",
            "own+x",
        ),
    ] {
        says(rule, words);
        let account = Account::of(spec(&format!("{OAUTH2}{keys}")));
        let scopes = ["own".to_owned(), "x y".to_owned()];
        let ask = Ask { redirect_uri: "https://app.example/cb", scopes: &scopes, state: "s-1", verifier: "v" };
        let Ok(Step::Done(Page { url, .. })) = page(&account.inputs(&Map::new()), ask, &[]) else { panic!("{rule}") };
        assert!(url.contains(has) && !url.contains(lacks), "{rule} {words}: {url}");
    }
}

#[test]
fn a_fixed_scope_of_client_credentials_gives_way_to_others() {
    let keys = format!("{CC}    token_params: {{grant_type: client_credentials, scope: fixed}}\n");
    for (scopes, sent) in [(&[][..], "scope=fixed"), (&["own"], "scope=own")] {
        says("KW0377", "sent only where neither the connection nor the integration has scopes");
        let mut account = Account::of(spec(&keys)).with(&[], &[("client_id", "i"), ("client_secret", "s")]);
        account.integration.scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let step = step(&account.inputs(&Map::new()), Grant::Login, &[]);
        let Ok(Step::Send(request)) = step else { panic!("{step:?}") };
        assert!(request.body.expose().contains(sent), "{scopes:?}");
    }
}

#[test]
fn a_value_in_a_query_of_a_login_is_escaped() {
    says("KW0315", "In `token_params` the runtime escapes values between double quotes");
    says("KW0315", "nothing between the tags of XML");
    for (query, sent) in [
        (r#"{ a(name: "${connectionConfig.team}") }"#, r#"{ a(name: "a\"b</c>") }"#),
        ("<c>${connectionConfig.team}</c>", r#"<c>a"b</c></c>"#),
    ] {
        let account = Account::of(spec(&format!(
            "    auth_mode: TWO_STEP\n    token_url: https://a.example/login\n    token_params: {{q: '{query}'}}\n    \
             token_response: {{token: token}}\n    connection_config: {{team: {{type: string, title: T, description: D.}}}}\n    \
             proxy: {{base_url: https://a.example}}\n"
        )));
        let account = account.with(&[("team", "a\"b</c>")], &[]);
        let step = step(&account.inputs(&Map::new()), Grant::Login, &[]);
        let Ok(Step::Send(request)) = step else { panic!("{step:?}") };
        let body: serde_json::Value = serde_json::from_str(request.body.expose()).unwrap();
        assert_eq!(body["q"], sent);
    }
}

#[test]
fn a_login_knows_when_its_token_ends_where_the_pages_say() {
    let two_step = |more: &str| {
        format!(
            "    auth_mode: TWO_STEP\n    token_url: https://a.example/login\n    token_params: {{a: b}}\n    \
             token_response: {{token: token{more}}}\n    proxy: {{base_url: https://a.example}}\n"
        )
    };
    let jwt = format!("{}.{}.x", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(r#"{"exp":1767326645}"#));
    let hour = Some("2026-01-02T04:04:05Z");
    let plain = "opaque".to_owned();
    for (words, keys, token, expected) in [
        ("only a token that is a JWT does", two_step(""), &jwt, hour),
        ("only if its expiry is known", two_step(""), &plain, None),
        ("only if its expiry is known", two_step(", token_expiration: end"), &plain, hour),
        ("only if its expiry is known", two_step("") + "    token_expires_in_ms: 3600000\n", &plain, hour),
        ("lives for ever is `token_expires_in_ms: 0`", two_step("") + "    token_expires_in_ms: 0\n", &plain, None),
    ] {
        says("KW0371", words);
        let account = Account::of(spec(&keys));
        let answer = Answer {
            status: 200,
            headers: http::HeaderMap::new(),
            body: serde_json::json!({"token": token, "end": "2026-01-02T04:04:05Z"}).to_string().into(),
            received: account.moment.now,
            secrets: Vec::new(),
            kept: false,
        };
        let Ok(Step::Done(granted)) = step(&account.inputs(&Map::new()), Grant::Login, &[answer]) else {
            panic!("{words}")
        };
        let expires_at = granted.token.unwrap().expires_at.map(|at| at.to_string());
        assert_eq!(expires_at.as_deref(), expected, "{words} {keys}");
    }
}

#[test]
fn keys_of_a_code_flow_are_said_to_be_unread_where_no_request_is_made_by_them() {
    says("KW0209", "the requests of this mode are not made by them");
    let mcp = "    auth_mode: MCP_OAUTH2\n    client_registration: static\n    authorization_url: https://a.example/authorize\n    \
               token_url: https://a.example/token\n    proxy: {base_url: https://a.example}\n";
    let generic = "    auth_mode: MCP_OAUTH2_GENERIC\n";
    let custom = "    auth_mode: CUSTOM\n    authorization_url: https://a.example/install\n    \
                  token_url: {OAUTH2: https://a.example/token, APP: https://a.example/app}\n    \
                  proxy: {base_url: https://a.example}\n";
    let token = "{token: {code: {params: {a: b}}}}";
    let page = "{authorization: {config_params: [team]}}";
    for (keys, keyway, is_read) in [
        (OAUTH2, token, true),
        (OAUTH2, page, true),
        (mcp, token, true),
        (mcp, page, false),
        (generic, token, false),
        (custom, token, false),
        (CC, token, false),
    ] {
        let found = findings(&format!("{keys}    keyway: {keyway}\n"));
        assert_eq!(found.iter().all(|code| code != "KW0209"), is_read, "{keys} {keyway}: {found:?}");
    }
}
