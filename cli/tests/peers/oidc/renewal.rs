//! Renewals at `oidc-provider`, whose refresh tokens rotate: when, once, after lost answers, beside calls.

use super::{client, oidc, posted};
use crate::detour::{Detour, Fault};
use crate::keyway::Keyway;
use crate::peer::{Peer, installed};
use serde_json::json;
use std::time::{Duration, Instant};

/// For a second try that is due within 30 s of the first.
const RECOVERY_TIMEOUT: Duration = Duration::from_secs(75);

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_when_it_is_about_to_end_and_not_at_each_call() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let keyway = Keyway::start(&oidc("short", &url, &url, ""));
    client(&keyway, &mut peer, "short", posted()).await;
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
        client(&keyway, &mut peer, key, posted()).await;
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
    client(&keyway, &mut peer, "silent", posted()).await;
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
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
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
    client(&keyway, &mut peer, "asked", posted()).await;
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
    assert_eq!(keyway.renew("asked", "user-1").await.status, 424);
    assert!(keyway.reconnect_needed("asked", "user-1").await, "{}", called.text());
}
