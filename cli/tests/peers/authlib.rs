//! `authlib`: OAuth 1.0 with odd parameters and bytes that are not UTF-8, and OAuth 2.0 under both headers and
//! bodies.

use crate::keyway::{Keyway, entry};
use crate::peer::{Peer, installed};
use serde_json::{Value, json};

const SECRET: &str = "secret&with=signs +%";

fn oauth1(url: &str) -> String {
    let rest = format!(
        "    auth_mode: OAUTH1
    request_url: {url}/request
    authorization_url: {url}/authorize
    token_url: {url}/token
    signature_method: HMAC-SHA1
    proxy:
        base_url: {url}"
    );
    entry("oauth1", &rest)
}

fn oauth2(key: &str, url: &str, more: &str) -> String {
    let rest = format!(
        "    auth_mode: OAUTH2
    authorization_url: {url}/authorize
    authorization_params:
        response_type: code
    token_url: {url}/token
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

#[tokio::test(flavor = "multi_thread")]
async fn oauth1_signs_what_is_sent_byte_for_byte() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "authlib_oauth1.py", &[]);
    let keyway = Keyway::start(&oauth1(peer.url()));
    let redirect_uri = keyway.integration_of("oauth1", json!({"client_id": "consumer", "client_secret": SECRET})).await;
    peer.ask("client", json!({"key": "consumer", "secret": SECRET, "redirect_uri": redirect_uri}));
    keyway.connect("oauth1", "user-1", &[]).await;
    let user = keyway.as_connection("oauth1", "user-1");

    let form = "application/x-www-form-urlencoded";
    // Method, target, content type, body. `/api` is checked by authlib, `/bytes` by the octets themselves.
    for (method, target, kind, body) in [
        ("GET", "/api", "", ""),
        ("GET", "/api?a=1&a=2&a=", "", ""),
        ("GET", "/api?b=2&a=1", "", ""),
        ("GET", "/api?flag", "", ""),
        ("GET", "/api?q=a+b&r=a%20b&s=a%2Bb", "", ""),
        ("GET", "/api?t=~-._&u=%7E", "", ""),
        ("GET", "/api?sort%5B0%5D=x&c=%C3%A9&d=%e2%9c%93", "", ""),
        ("GET", "/api?e=%3D%26%25&f=a%2Fb%3Fc", "", ""),
        ("GET", "/api/a%20b/c;d=e", "", ""),
        ("GET", "/api/%C3%A9?x=y", "", ""),
        ("DELETE", "/api?a=1", "", ""),
        ("PUT", "/api", "application/json", r#"{"a":1}"#),
        ("POST", "/api", "application/json", r#"{"a":"b c"}"#),
        ("POST", "/api", form, "a=1&b=%2B+%20&c="),
        ("POST", "/api?q=1", form, "a=2&a=1&q=2"),
        ("POST", "/api", form, "%C3%A9=%E2%9C%93"),
        ("GET", "/bytes?q=%E9", "", ""),
        ("GET", "/bytes?%ff=%00&q=%e9+%C3", "", ""),
        ("POST", "/bytes?a=%80", form, "a=%E9&b=caf%e9"),
    ] {
        let client = if kind.is_empty() { user.clone() } else { user.with("content-type", kind) };
        let called = client.send(method, &format!("/proxy{target}"), body).await.unwrap();
        assert_eq!(called.status, 200, "{method} {target} {body}: {}", called.text());
        let seen = called.json();
        assert_eq!(seen["target"], target, "{method} {target}");
        assert_eq!(seen["body"], body, "{method} {target}");
    }

    // The server forgets what it granted. OAuth 1.0 has nothing to renew: the API's own refusal is passed on.
    assert_eq!(peer.ask("revoke", json!({})), 1);
    assert_eq!(user.get("/proxy/api").await.unwrap().status, 401);
    keyway.connect("oauth1", "user-1", &[]).await;
    assert_eq!(user.get("/proxy/api").await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth1_takes_a_confirmed_callback_in_any_case() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "authlib_oauth1.py", &[]);
    let keyway = Keyway::start(&oauth1(peer.url()));
    let redirect_uri = keyway.integration_of("oauth1", json!({"client_id": "consumer", "client_secret": SECRET})).await;
    peer.ask("client", json!({"key": "consumer", "secret": SECRET, "redirect_uri": redirect_uri}));
    for spelling in ["true", "True", "TRUE"] {
        peer.ask("confirm", json!({"spelling": spelling}));
        keyway.connect("oauth1", spelling, &[]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth2_is_connected_used_renewed_and_revoked() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "authlib_oauth2.py", &[]);
    let url = peer.url().to_owned();
    let cases =
        [("post", "client_secret_post", ""), ("basic", "client_secret_basic", "    token_request_auth_method: basic")];
    let keyway = Keyway::start(&cases.map(|(key, _, more)| oauth2(key, &url, more)).concat());
    for (key, method, _) in cases {
        // Plain letters: authlib reads the header as RFC 7617 has it, not form-encoded as RFC 6749 section 2.3.1.
        let settings = json!({"client_id": key, "client_secret": "plain", "scopes": ["read", "write"]});
        let redirect_uri = keyway.integration_of(key, settings).await;
        let client = json!({"id": key, "secret": "plain", "method": method, "redirect_uri": redirect_uri});
        peer.ask("client", client);
        let browser = keyway.connect(key, "user-1", &[]).await;
        assert_eq!(browser.passed("/authorize")["scope"], "read write", "{key}");
        let user = keyway.as_connection(key, "user-1");
        let called = user.get("/proxy/api?q=%E9&flag").await.unwrap();
        assert_eq!(called.json()["target"], "/api?q=%E9&flag", "{key}: {} {}", called.status, called.text());

        let first = keyway.connection(key, "user-1").await.json()["credentials"].clone();
        let second = keyway.renewed(key, "user-1").await;
        assert_ne!(first["refresh_token"], second["refresh_token"], "{key}");
        assert_eq!(user.get("/proxy/api").await.unwrap().status, 200, "{key}");

        assert_ne!(peer.ask("revoke", json!({})), Value::from(0), "{key}");
        keyway.must_reconnect(key, "user-1").await;
        keyway.connect(key, "user-1", &[]).await;
        assert_eq!(user.get("/proxy/api").await.unwrap().status, 200, "{key}");
    }
}
