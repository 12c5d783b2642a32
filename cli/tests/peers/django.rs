//! `django-oauth-toolkit`: a login form with a CSRF token, a consent page, rotation with a grace period.

use crate::detour::{Detour, Fault};
use crate::keyway::{Keyway, entry};
use crate::peer::{Peer, installed};
use serde_json::json;
use std::time::Duration;

const SECRET: &str = "a-secret-of-the-application";

fn toolkit(key: &str, url: &str, token: &str, more: &str) -> String {
    let rest = format!(
        "    auth_mode: OAUTH2
    authorization_url: {url}/o/authorize/
    authorization_params:
        response_type: code
    token_url: {token}/o/token/
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

async fn application(keyway: &Keyway, peer: &mut Peer, key: &str) {
    let settings = json!({"client_id": key, "client_secret": SECRET, "scopes": ["read", "write"]});
    let redirect_uri = keyway.integration_of(key, settings).await;
    peer.ask("client", json!({"id": key, "secret": SECRET, "redirect_uri": redirect_uri}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_made_used_renewed_and_revoked() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "django_server.py", &[]);
    let url = peer.url().to_owned();
    let cases = [("post", ""), ("basic", "    token_request_auth_method: basic")];
    let keyway = Keyway::start(&cases.map(|(key, more)| toolkit(key, &url, &url, more)).concat());
    for (key, _) in cases {
        application(&keyway, &mut peer, key).await;
        let browser = keyway.connect(key, "user-1", &[]).await;
        assert!(browser.trail.iter().any(|url| url.path() == "/accounts/login/"), "{key}: {:?}", browser.trail);
        let user = keyway.as_connection(key, "user-1");
        let called = user.get("/proxy/api").await.unwrap();
        assert_eq!(called.json()["user"], "someone", "{key}: {}", called.text());
        // A body that is not there has a length (RFC 9110 section 8.6).
        assert_eq!(user.send("POST", "/proxy/api", "").await.unwrap().json()["method"], "POST", "{key}");

        let first = keyway.connection(key, "user-1").await.json()["credentials"].clone();
        let second = keyway.renewed(key, "user-1").await;
        assert_ne!(first["refresh_token"], second["refresh_token"], "{key}");
        assert_eq!(user.get("/proxy/api").await.unwrap().status, 200, "{key}");

        peer.ask("revoke", json!({}));
        assert!(user.get("/proxy/api").await.unwrap().status.is_client_error(), "{key}");
        keyway.must_reconnect(key, "user-1").await;
        keyway.connect(key, "user-1", &[]).await;
        assert_eq!(user.get("/proxy/api").await.unwrap().status, 200, "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_recovered_within_the_grace_period() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "django_server.py", &[]);
    let url = peer.url().to_owned();
    let detour = Detour::to(&url, "/o/token/", Fault::Lost).await;
    let keyway = Keyway::start(&toolkit("lost", &url, &detour.url, ""));
    application(&keyway, &mut peer, "lost").await;
    keyway.connect("lost", "user-1", &[]).await;
    crate::oidc::renewal::recovers(&keyway, "lost", &detour, "/proxy/api").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_whose_caller_left_is_kept_over_a_shutdown() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "django_server.py", &[]);
    let url = peer.url().to_owned();
    let detour = Detour::to(&url, "/o/token/", Fault::Late).await;
    let mut keyway = Keyway::start(&toolkit("late", &url, &detour.url, ""));
    application(&keyway, &mut peer, "late").await;
    keyway.connect("late", "user-1", &[]).await;
    let before = keyway.connection("late", "user-1").await.json()["credentials"].clone();
    detour.spoil(1);
    let caller = keyway.operator.clone();
    let renewal = tokio::spawn(async move { caller.get("/connections/user-1?integration=late&refresh=true").await });
    while detour.spoiled() == 0 {
        assert!(!renewal.is_finished(), "the answer was not late");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    renewal.abort();
    // Stopped after the server redeemed the token and before its answer: what it granted is not lost.
    keyway.stop();
    keyway.again();
    let after = keyway.connection("late", "user-1").await.json()["credentials"].clone();
    assert_ne!(before["refresh_token"], after["refresh_token"]);
    assert_eq!(detour.spoiled(), 1);
    keyway.renewed("late", "user-1").await;
}
