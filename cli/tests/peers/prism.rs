//! `prism` over two published OpenAPI documents: requests that a document allows, answers that fit it, API keys.

use crate::keyway::{Keyway, entry};
use crate::peer::{Peer, installed};
use keyway_tests::shared;
use serde_json::json;
use std::collections::BTreeMap;

const KEY: &str = "key-of_the.customer";

fn api(url: &str, headers: &str) -> String {
    let rest = format!(
        "    auth_mode: API_KEY
    credentials:
        apiKey:
            type: string
            title: API key
            description: The key of your account.
            secret: true
    proxy:
        base_url: {url}
        headers:
{headers}"
    );
    entry("api", &rest)
}

/// A call, and what of its answer is checked.
struct Call {
    method: &'static str,
    target: &'static str,
    body: &'static str,
    status: u16,
    /// A pointer into the answer, and the type that the document gives it.
    shape: &'static [(&'static str, &'static str)],
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_with_a_key_behind_a_word_and_brackets_in_names() {
    let header = "            authorization: Klaviyo-API-Key ${apiKey}\n            revision: '2026-07-15'";
    let calls = [
        Call {
            method: "GET",
            target: "/api/profiles?page[size]=5&fields[profile]=email,first_name&filter=equals(email,%22a%2Bb@example.com%22)",
            body: "",
            status: 200,
            shape: &[("/data", "array"), ("/data/0/id", "string"), ("/data/0/attributes", "object")],
        },
        Call {
            method: "GET",
            target: "/api/profiles?page%5Bsize%5D=5&sort=-created",
            body: "",
            status: 200,
            shape: &[("/links/self", "string")],
        },
        Call {
            method: "GET",
            target: "/api/profiles/01GDDKASAP8TKDDA2GRZDSVP4H",
            body: "",
            status: 200,
            shape: &[("/data/type", "string")],
        },
        Call {
            method: "POST",
            target: "/api/profiles",
            body: r#"{"data":{"type":"profile","attributes":{"email":"a@example.com"}}}"#,
            status: 201,
            shape: &[("/data/id", "string")],
        },
        // The document knows no such size, so Prism refuses; the refusal is passed on.
        Call { method: "GET", target: "/api/profiles?page[size]=many", body: "", status: 422, shape: &[] },
    ];
    document("openapi/klaviyo-profiles.json.gz", "authorization", &format!("Klaviyo-API-Key {KEY}"), header, &calls)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_with_a_key_in_a_header_of_its_own_and_large_bodies() {
    let header = "            x-api-key: ${apiKey}";
    let calls = [
        Call {
            method: "POST",
            target: "/paymentMethods",
            body: r#"{"merchantAccount":"Merchant","countryCode":"NL","amount":{"currency":"EUR","value":1000}}"#,
            status: 200,
            shape: &[("/paymentMethods", "array"), ("/paymentMethods/0/type", "string")],
        },
        Call {
            method: "POST",
            target: "/sessions",
            body: r#"{"merchantAccount":"Merchant","amount":{"value":9007199254740991,"currency":"EUR"},"returnUrl":"https://example.com/","reference":"r"}"#,
            status: 201,
            shape: &[("/amount/value", "number"), ("/id", "string")],
        },
        // A session needs more than this.
        Call { method: "POST", target: "/sessions", body: r#"{"reference":"r"}"#, status: 422, shape: &[] },
    ];
    document("openapi/adyen-checkout-v71.json.gz", "x-api-key", KEY, header, &calls).await;
}

async fn document(file: &str, header: &str, value: &str, headers: &str, calls: &[Call]) {
    let Some(installed) = installed() else { return };
    let Some(document) = shared(file) else { return };
    let mut peer = Peer::node(&installed, "prism.js", &[document.to_str().unwrap(), header, value]);
    let keyway = Keyway::start(&api(peer.url(), headers));
    let made =
        keyway.import(json!({"integration": "api", "connection_id": "user-1", "credentials": {"apiKey": KEY}})).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let user = keyway.as_connection("api", "user-1");
    for call in calls {
        let client = if call.body.is_empty() { user.clone() } else { user.with("content-type", "application/json") };
        let called = client.send(call.method, &format!("/proxy{}", call.target), call.body).await.unwrap();
        let what = format!("{} {}: {}", call.method, call.target, called.text());
        assert_eq!(called.status.as_u16(), call.status, "{what}");
        if called.status.is_success() {
            assert_eq!(called.header("sl-violations"), "", "{what}");
        }
        let answer = called.json();
        let found: BTreeMap<&str, &str> = call.shape.iter().map(|(at, _)| (*at, kind(answer.pointer(at)))).collect();
        assert_eq!(found, call.shape.iter().copied().collect::<BTreeMap<_, _>>(), "{what}");
    }
    let seen = peer.ask("seen", json!({}));
    for (call, seen) in calls.iter().zip(seen.as_array().unwrap()) {
        assert_eq!(seen["target"], call.target, "the path that is sent is the path that the caller sent");
        assert!(seen["agent"].as_str().is_some_and(|agent| agent.starts_with("keyway/")), "{seen}");
    }

    peer.ask("withdraw", json!({"other": "another"}));
    let called = user.send(calls[0].method, &format!("/proxy{}", calls[0].target), calls[0].body).await.unwrap();
    assert_eq!((called.status.as_u16(), called.header("keyway-error")), (401, ""), "{}", called.text());
}

fn kind(value: Option<&serde_json::Value>) -> &'static str {
    use serde_json::Value::{Array, Bool, Null, Number, Object, String};
    match value {
        None => "absent",
        Some(Null) => "null",
        Some(Bool(_)) => "boolean",
        Some(Number(_)) => "number",
        Some(String(_)) => "string",
        Some(Array(_)) => "array",
        Some(Object(_)) => "object",
    }
}
