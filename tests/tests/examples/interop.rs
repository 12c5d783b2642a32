//! The examples that stand beside other HTTP libraries: a `tower` stack, and `reqwest` as what sends.

use super::{tower_stack, with_reqwest};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use keyway::testing::{self, Recorded, get};
use keyway::{EgressPolicy, Integration};
use keyway_providers::stripe_api_key::StripeApiKey;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn layers_stand_around_a_client() {
    let customer = |id: &str| get(format!("https://api.stripe.com/v1/customers/{id}"));
    let mut answers: Vec<_> = (1..=9)
        .map(|number| {
            let named = json!({"name": format!("Customer {number}")});
            customer(&format!("cus_{number}")).slow(Duration::from_secs(3)).reply(named)
        })
        .collect();
    answers.push(customer("cus_slow").slow(Duration::from_secs(20)).reply(json!({})));
    answers.push(customer("cus_none").reply_with(404, json!({})));
    let api = Recorded::unordered(answers);
    let client = testing::connect::<StripeApiKey>(api.clone()).await.unwrap();
    let ids = (1..=9).map(|number| format!("cus_{number}")).chain(["cus_slow".to_owned(), "cus_none".to_owned()]);
    let begun = tokio::time::Instant::now();
    let names = tower_stack::names(client, ids).await;
    // Three rounds of at most four, of which one takes until its limit.
    assert!((Duration::from_secs(9)..=Duration::from_secs(19)).contains(&begun.elapsed()), "{:?}", begun.elapsed());
    let told: Vec<_> = names
        .into_iter()
        .map(|(id, name)| match name {
            Ok(name) => (id, name),
            Err(error) => (id, format!("error: {error}")),
        })
        .collect();
    let mut expected: Vec<_> = (1..=9).map(|number| (format!("cus_{number}"), format!("Customer {number}"))).collect();
    expected.push(("cus_none".to_owned(), "error: the answer is 404 Not Found".to_owned()));
    expected.push(("cus_slow".to_owned(), "error: request timed out".to_owned()));
    assert_eq!(told, expected);
    api.finish().unwrap();
}

/// Requests that a server on loopback got: their URI, the headers of note, their body.
type Seen = Arc<Mutex<Vec<(String, [String; 3], String)>>>;

async fn customers(State(seen): State<Seen>, uri: Uri, headers: HeaderMap, body: String) -> (StatusCode, String) {
    let of_note = ["authorization", "idempotency-key", "user-agent"]
        .map(|name| headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default());
    seen.lock().unwrap().push((uri.to_string(), of_note, body));
    (StatusCode::OK, json!({"id": "cus_7"}).to_string())
}

#[tokio::test]
async fn another_client_sends_what_was_authorized() {
    let seen = Seen::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let app = axum::Router::new().fallback(customers).with_state(Arc::clone(&seen));
    tokio::spawn(async move { axum::serve(listener, app).await });

    // Keyway itself sends nothing.
    let nothing = Recorded::new([]);
    let sandbox = Integration::<StripeApiKey>::new("stripe-api-key").base_url(format!("http://{address}/sandbox"));
    let local = EgressPolicy::default().allow_private(true).allow_http(true);
    let client = testing::connect::<StripeApiKey>(nothing.clone())
        .credential("username", "rk_a")
        .integration(sandbox.allowed_hosts([address.clone()]))
        .with(|builder| builder.egress(local))
        .await
        .unwrap();
    let http = with_reqwest::own_client().unwrap();
    assert_eq!(with_reqwest::create(&http, &client, "Ada & Co").await.unwrap(), "cus_7");
    nothing.finish().unwrap();
    let headers = ["Basic cmtfYTo=", "customer-of-order-17", "acme-sync/2.1"].map(str::to_owned);
    let expected = ("/sandbox/v1/customers".to_owned(), headers, "name=Ada+%26+Co".to_owned());
    assert_eq!(*seen.lock().unwrap(), [expected]);
}
