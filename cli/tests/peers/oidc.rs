//! `oidc-provider`: the code flow with PKCE under four ways of client authentication, rotation, lost answers,
//! registration, `iss`, and a grant that is taken back.

use crate::browser::Browser;
use crate::detour::{Detour, Fault};
use crate::keyway::{Keyway, entry};
use crate::peer::{Peer, installed};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const SECRET: &str = "a secret: of + odd / characters%";
/// For a second try that is due within 30 s of the first.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(75);

/// An entry of the provider; `token` is the origin of its token endpoint, `more` further keys.
fn oidc(key: &str, url: &str, token: &str, more: &str) -> String {
    let page =
        if more.contains("authorization_url") { String::new() } else { format!("    authorization_url: {url}/auth\n") };
    let rest = format!(
        "    auth_mode: OAUTH2
{page}    authorization_params:
        response_type: code
        prompt: consent
    token_url: {token}/token
    token_params:
        grant_type: authorization_code
    refresh_params:
        grant_type: refresh_token
    proxy:
        base_url: {url}
{more}"
    );
    entry(key, &rest)
}

/// Makes the integration, then the client at the server for the integration's redirect URI.
async fn client(keyway: &Keyway, peer: &mut Peer, key: &str, method: &str, alg: Value) {
    client_with(keyway, peer, key, method, alg, json!({})).await;
}

async fn client_with(keyway: &Keyway, peer: &mut Peer, key: &str, method: &str, alg: Value, more: Value) {
    let settings = json!({"client_id": key, "client_secret": SECRET, "scopes": ["openid", "offline_access", "email"]});
    let redirect_uri = keyway.integration_of(key, settings).await;
    let client = json!({"id": key, "method": method, "redirect_uri": redirect_uri, "secret": SECRET});
    let made = peer.ask("client", merged(client, json!({"alg": alg, "more": more})));
    if let Some(private_key) = made["key"].as_str() {
        keyway.change(key, json!({"client_secret": private_key})).await;
    }
}

fn merged(mut one: Value, other: Value) -> Value {
    let (Some(members), Value::Object(others)) = (one.as_object_mut(), other) else { panic!("no objects") };
    members.extend(others);
    one
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_made_used_renewed_and_revoked_under_every_client_authentication() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let assertion = |alg: &str| {
        format!(
            "    keyway:
        token:
            code: &{alg}
                client_auth: private_key_jwt
                client_assertion:
                    protocol: RSA
                    signing_key: ${{clientSecret}}
                    expires_in_ms: 60000
                    header:
                        alg: {alg}
                    payload:
                        iss: ${{clientId}}
                        sub: ${{clientId}}
                        aud: {url}
                        jti: ${{random}}
            refresh: *{alg}"
        )
    };
    let cases = [
        ("post", "client_secret_post", Value::Null, String::new()),
        // The provider refuses a request that has the secret in the body beside the header.
        ("basic", "client_secret_basic", Value::Null, "    token_request_auth_method: basic".to_owned()),
        ("header", "client_secret_basic", Value::Null, "    authorization_method: header".to_owned()),
        // The provider refuses a parameter that is there twice (RFC 6749 section 3.1).
        ("query", "client_secret_post", Value::Null, format!("    authorization_url: {url}/auth?response_type=code")),
        ("rs256", "private_key_jwt", json!("RS256"), assertion("RS256")),
        ("ps256", "private_key_jwt", json!("PS256"), assertion("PS256")),
    ];
    let catalogue: String = cases.iter().map(|(key, _, _, more)| oidc(key, &url, &url, more)).collect();
    let keyway = Keyway::start(&catalogue);
    for (key, method, alg, _) in cases {
        client(&keyway, &mut peer, key, method, alg).await;
        let browser = keyway.connect(key, "user-1", &[]).await;
        let asked = browser.passed("/auth");
        assert_eq!(asked["code_challenge_method"], "S256", "{key}");
        let (back, returned) = browser.came_back();
        assert_eq!(returned["iss"], url, "{key}: RFC 9207");
        assert_eq!(asked["redirect_uri"], back.as_str().split('?').next().unwrap(), "{key}");

        let user = keyway.as_connection(key, "user-1");
        let called = user.get("/proxy/me").await.unwrap();
        assert_eq!(
            (called.status.as_u16(), &called.json()["sub"]),
            (200, &json!("someone")),
            "{key}: {}",
            called.text()
        );

        let first = keyway.connection(key, "user-1").await.json()["credentials"].clone();
        let second = keyway.renewed(key, "user-1").await;
        let third = keyway.renewed(key, "user-1").await;
        for name in ["access_token", "refresh_token"] {
            assert!(first[name] != second[name] && second[name] != third[name], "{key}: {name} does not rotate");
        }
        let requests = peer.ask("requests", json!({}));
        let proofs: Vec<&Value> = requests.as_array().unwrap().iter().map(|request| &request["basic"]).collect();
        assert_eq!(proofs, vec![&json!(method == "client_secret_basic"); 3], "{key}: {requests}");

        assert_eq!(peer.ask("revoke", json!({"client": key})), 1, "{key}");
        keyway.must_reconnect(key, "user-1").await;
        keyway.connect(key, "user-1", &[]).await;
        assert!(!keyway.reconnect_needed(key, "user-1").await, "{key}");
        assert_eq!(user.get("/proxy/me").await.unwrap().status, 200, "{key}");
        peer.ask("requests", json!({}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_when_it_is_about_to_end_and_not_at_each_call() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let keyway = Keyway::start(&oidc("short", &url, &url, ""));
    client(&keyway, &mut peer, "short", "client_secret_post", Value::Null).await;
    // Half the usual buffer of 15 minutes.
    peer.ask("set", json!({"lifetime": 450}));
    keyway.connect("short", "user-1", &[]).await;
    let user = keyway.as_connection("short", "user-1");
    for _ in 0..10 {
        assert_eq!(user.get("/proxy/me").await.unwrap().status, 200);
    }
    let requests = peer.ask("requests", json!({}));
    assert_eq!(requests.as_array().unwrap().len(), 1, "only the code was exchanged: {requests}");

    peer.ask("set", json!({"lifetime": 1}));
    keyway.renewed("short", "user-1").await;
    peer.ask("set", json!({"lifetime": 3600}));
    tokio::time::sleep(Duration::from_millis(1500)).await;
    peer.ask("requests", json!({}));
    // A dead token makes all of these wait for one renewal.
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let user = user.clone();
            tokio::spawn(async move { user.get("/proxy/me").await.unwrap().status.as_u16() })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 200);
    }
    let requests = peer.ask("requests", json!({}));
    assert_eq!(requests.as_array().unwrap().len(), 1, "{requests}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_of_the_token_endpoint_is_recovered_within_the_servers_grace() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    peer.ask("set", json!({"grace": 300}));
    let faults = [
        ("lost", Fault::Lost),
        ("cut", Fault::Cut),
        ("html", Fault::Replaced("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>")),
        ("empty", Fault::Replaced("HTTP/1.1 204 No Content\r\n\r\n")),
        ("gateway", Fault::Replaced("HTTP/1.1 504 Gateway Timeout\r\ncontent-length: 0\r\n\r\n")),
        ("cut-gateway", Fault::Replaced("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 900\r\n\r\nsorry")),
        ("timeout", Fault::Replaced("HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n")),
        ("moved", Fault::Replaced("HTTP/1.1 302 Found\r\nlocation: /maintenance\r\ncontent-length: 0\r\n\r\n")),
    ];
    let mut detours = Vec::new();
    let mut catalogue = String::new();
    for (key, fault) in faults {
        let detour = Detour::to(&url, "/token", fault).await;
        catalogue.push_str(&oidc(key, &url, &detour.url, ""));
        detours.push((key, detour));
    }
    let keyway = Keyway::start(&catalogue);
    for (key, _) in &detours {
        client(&keyway, &mut peer, key, "client_secret_post", Value::Null).await;
        keyway.connect(key, "user-1", &[]).await;
    }
    for (key, detour) in &detours {
        recovers(&keyway, key, detour, "/proxy/me").await;
    }
}

/// Spoils one answer: the connection stays, a later try brings the new tokens, and they work.
pub(crate) async fn recovers(keyway: &Keyway, key: &str, detour: &Detour, target: &str) {
    let before = keyway.connection(key, "user-1").await.json()["credentials"]["refresh_token"].clone();
    detour.spoil(1);
    let begun = Instant::now();
    loop {
        let answer = keyway.renew(key, "user-1").await;
        assert!(!keyway.reconnect_needed(key, "user-1").await, "{key}: {}\n{}", answer.text(), keyway.log());
        if answer.status == 200 && answer.json()["credentials"]["refresh_token"] != before {
            break;
        }
        assert!(begun.elapsed() < RECOVERY_TIMEOUT, "{key}: {} {}", answer.status, answer.text());
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert_eq!(detour.spoiled(), 1, "{key}: the answer was not spoiled");
    keyway.renewed(key, "user-1").await;
    let called = keyway.as_connection(key, "user-1").get(target).await.unwrap();
    assert_eq!(called.status, 200, "{key}: {}", called.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_lives_is_used_while_the_token_endpoint_is_silent() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let detour = Detour::to(&url, "/token", Fault::Held).await;
    let keyway = Keyway::start(&oidc("silent", &url, &detour.url, ""));
    client(&keyway, &mut peer, "silent", "client_secret_post", Value::Null).await;
    let lifetime = Duration::from_secs(60);
    peer.ask("set", json!({"lifetime": lifetime.as_secs(), "grace": 300}));
    let granted = Instant::now();
    keyway.connect("silent", "user-1", &[]).await;
    let user = keyway.as_connection("silent", "user-1");
    detour.spoil(100);
    // The last quarter of its life is when a token of a minute is renewed.
    tokio::time::sleep(Duration::from_secs(46).saturating_sub(granted.elapsed())).await;
    for _ in 0..10 {
        let begun = Instant::now();
        let called = user.get("/proxy/me").await.unwrap();
        assert_eq!(called.status, 200, "{}", called.text());
        // A call takes milliseconds; waiting for the endpoint takes as long as an attempt may, 12 s.
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
    assert!(detour.spoiled() > 0, "no renewal was begun");

    // Only a dead token makes a call wait, and not for ever.
    tokio::time::sleep(lifetime.saturating_sub(granted.elapsed()) + Duration::from_secs(2)).await;
    let begun = Instant::now();
    let called = user.get("/proxy/me").await.unwrap();
    assert_ne!(called.header("keyway-error"), "", "{} {}", called.status, called.text());
    assert!(begun.elapsed() < RECOVERY_TIMEOUT, "{:?}", begun.elapsed());
    assert!(!keyway.reconnect_needed("silent", "user-1").await);

    // The server speaks again, and honours the token that it redeemed in silence.
    detour.spoil(0);
    peer.ask("set", json!({"lifetime": 3600}));
    let begun = Instant::now();
    while user.get("/proxy/me").await.unwrap().status != 200 {
        assert!(begun.elapsed() < RECOVERY_TIMEOUT, "{}", keyway.log());
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_registers_itself_with_the_scopes_that_it_asks_for() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let rest = format!(
        "    auth_mode: MCP_OAUTH2
    authorization_url: {url}/auth
    authorization_params:
        prompt: consent
    token_url: {url}/token
    client_registration: dynamic
    registration_url: {url}/reg
    registration_params:
        grant_types: [authorization_code, refresh_token]
        response_types: [code]
        application_type: web
        contacts: [operator@example.com]
    proxy:
        base_url: {url}"
    );
    let keyway = Keyway::start(&entry("registered", &rest));
    keyway.integration(json!({"provider": "registered", "scopes": ["openid", "offline_access", "email"]})).await;
    let browser = keyway.connect("registered", "user-1", &[]).await;
    let asked = browser.passed("/auth");
    let known = peer.ask("registered", json!({}));
    let client = &known[0];
    assert_eq!(asked["client_id"], client["client_id"], "{known}");
    assert_eq!(client["scope"], "openid offline_access email", "{known}");
    assert_eq!(client["contacts"], json!(["operator@example.com"]), "{known}");
    assert_eq!(client["redirect_uris"], json!([asked["redirect_uri"]]), "{known}");
    keyway.renewed("registered", "user-1").await;

    // The registration is the integration's: a second customer uses it too.
    keyway.connect("registered", "user-2", &[]).await;
    assert_eq!(peer.ask("registered", json!({})).as_array().unwrap().len(), 1);

    // A client that the server has forgotten is registered anew, once a token request has told.
    peer.ask("forget", json!({"client": client["client_id"]}));
    assert_eq!(keyway.renew("registered", "user-1").await.status, 424);
    let browser = keyway.connect("registered", "user-1", &[]).await;
    let known = peer.ask("registered", json!({}));
    assert_eq!(known.as_array().unwrap().len(), 2, "{known}");
    assert_eq!(browser.passed("/auth")["client_id"], known[1]["client_id"], "{known}");
    let called = keyway.as_connection("registered", "user-1").get("/proxy/me").await.unwrap();
    assert_eq!(called.status, 200, "{}", called.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_says_about_a_refusal_is_shown() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let keyway = Keyway::start(&oidc("wrong", &url, &url, ""));
    client(&keyway, &mut peer, "wrong", "client_secret_post", Value::Null).await;
    keyway.connect("wrong", "user-1", &[]).await;

    // A wrong secret is the operator's to mend: the grant is good, and nobody has to connect again.
    keyway.change("wrong", json!({"client_secret": "not-the-secret"})).await;
    let refused = keyway.renew("wrong", "user-1").await;
    assert_eq!(refused.status, 424, "{}", refused.text());
    assert!(refused.text().contains("invalid_client"), "{}", refused.text());
    assert!(refused.text().contains("client authentication failed"), "{}", refused.text());
    assert!(!refused.text().contains("not-the-secret"), "{}", refused.text());
    assert!(!keyway.reconnect_needed("wrong", "user-1").await);
    keyway.change("wrong", json!({"client_secret": SECRET})).await;
    keyway.renewed("wrong", "user-1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_wants_pushed_requests_is_understood() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let keyway = Keyway::start(&oidc("pushed", &url, &url, ""));
    let more = json!({"require_pushed_authorization_requests": true});
    client_with(&keyway, &mut peer, "pushed", "client_secret_post", Value::Null, more).await;
    let link = keyway.link("pushed", "user-1", &[]).await;
    let page = Browser::new().sign_in(&link).await;
    assert!(page.url.as_str().starts_with(&keyway.url), "it ended at {}", page.url);
    assert_eq!(page.answer.status, 400, "{}", page.answer.text());
    assert!(page.answer.text().contains("Pushed Authorization Request"), "{}", page.answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_introspection_calls_dead_is_not_sent() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let introspect = format!(
        "    keyway:
        token:
            introspect:
                url: {url}/token/introspection
                client_auth: body"
    );
    let keyway = Keyway::start(&oidc("asked", &url, &url, &introspect));
    client(&keyway, &mut peer, "asked", "client_secret_post", Value::Null).await;
    keyway.connect("asked", "user-1", &[]).await;
    let user = keyway.as_connection("asked", "user-1");
    assert_eq!(user.get("/proxy/me").await.unwrap().status, 200);
    let questions = peer.ask("questions", json!({}));
    assert_eq!(questions, json!([{"status": 200, "basic": false}]));
    let before = peer.ask("calls", json!({}));
    peer.ask("revoke", json!({"client": "asked"}));
    let called = user.get("/proxy/me").await.unwrap();
    assert_eq!(called.status, 424, "{}", called.text());
    assert_eq!(peer.ask("calls", json!({})), before, "the dead token was sent");
    assert!(keyway.reconnect_needed("asked", "user-1").await, "{}", called.text());
}
