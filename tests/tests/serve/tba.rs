//! Token-based authentication through the server: imported by its own names, every call signed for its account.

use crate::oauth1::listening;
use crate::openssl;
use crate::rfc5849::{self, Received};
use crate::setup::start_with;
use crate::signing_vendor::{CLIENT_ID, CLIENT_SECRET, at};
use keyway::catalogue::Catalogue;
use keyway_spec::{Auth, Field, ProviderSpec};
use serde_json::json;

static ACCOUNT: [Field; 1] = [Field { name: "accountId", ..Field::EMPTY }];

/// Lets in what is signed with these secrets, for this account.
fn answer(received: &Received) -> (u16, String) {
    let Some(protocol) = rfc5849::protocol(received) else { return (401, String::new()) };
    let said = |name: &str| protocol.get(name).map_or("", String::as_str);
    let known = (said("realm"), said("oauth_consumer_key"), said("oauth_token")) == ("123_SB1", CLIENT_ID, "token-1");
    let signed = rfc5849::is_signed_with(received, &protocol, CLIENT_SECRET, "token-secret-canary");
    (if signed && known { 200 } else { 403 }, "welcome".to_owned())
}

#[tokio::test]
async fn calls_through_the_server_are_signed_for_the_account() {
    if !openssl::is_here() {
        return;
    }
    let spec =
        ProviderSpec { key: "tokens", auth: Auth::Tba, connection_config: &ACCOUNT, ..at(listening(answer).await) };
    let spec: &'static ProviderSpec = Box::leak(Box::new(spec));
    let server = start_with(|builder| builder.catalogue([spec].into_iter().collect::<Catalogue>())).await;
    let body = json!({"provider": "tokens", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET});
    assert_eq!(server.client.json("POST", "/integrations", &body).await.unwrap().status, 201);
    let credentials = json!({"token_id": "token-1", "token_secret": "token-secret-canary"});
    let body = json!({"integration": "tokens", "connection_id": "acme", "config": {"accountId": "123-sb1"},
        "credentials": credentials});
    server.import(&body).await;
    let client = server.calling("tokens", "acme");
    for target in ["/proxy/items", "/proxy/items?q=a+b&q=a%20b&limit=1%2B1", "/proxy/a%20folder/x"] {
        let called = client.get(target).await.unwrap();
        assert_eq!((called.status.as_u16(), called.text().as_str()), (200, "welcome"), "{target}");
    }
    let posted = client.with("content-type", "application/json").send("POST", "/proxy/items", "{}").await.unwrap();
    assert_eq!(posted.status, 200, "{}", posted.text());
    let shown = server.client.get("/connections/acme?integration=tokens").await.unwrap().text();
    assert!(shown.contains("token-1") && !shown.contains(CLIENT_SECRET), "{shown}");
}
