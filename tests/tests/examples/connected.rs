//! Customers that are connected already, of providers of each kind: what `keyway::testing::connect` makes of an entry.

use boards::Boards;
use keyway::testing::{self, ACCESS_TOKEN, Exchange, Recorded, get};
use keyway::{ErrorKind, Integration};
use keyway_providers::freshdesk::Freshdesk;
use keyway_providers::github::Github;
use keyway_providers::stripe_api_key::StripeApiKey;
use keyway_providers::zendesk::Zendesk;
use serde_json::{Value, json};

keyway::providers! {
    boards: {
        display_name: "Boards",
        docs: "https://boards.example.com/docs",
        categories: [other],
        auth_mode: OAUTH1,
        request_url: "https://boards.example.com/request",
        authorization_url: "https://boards.example.com/authorize",
        token_url: "https://boards.example.com/token",
        signature_method: "HMAC-SHA1",
        proxy: { base_url: "https://boards.example.com/v1" },
    },
}

/// Expects a GET with this credential.
fn asked(url: &str, authorization: &str) -> Exchange {
    get(url).header("authorization", authorization).reply(json!("there"))
}

macro_rules! answered {
    ($connecting:expr, $api:expr, $path:literal) => {
        let client = $connecting.await.unwrap();
        assert_eq!(client.get($path).json::<Value>().await.unwrap(), "there");
        $api.finish().unwrap();
    };
}

#[tokio::test]
async fn a_customer_is_connected_with_what_the_entry_asks_for() {
    let bearer = format!("Bearer {ACCESS_TOKEN}");
    let api = Recorded::new([asked("https://api.github.com/user", &bearer)]);
    answered!(testing::connect::<Github>(api.clone()), api, "/user");

    // `rk_a` and nothing after the colon.
    let api = Recorded::new([asked("https://api.stripe.com/v1/balance", "Basic cmtfYTo=")]);
    answered!(testing::connect::<StripeApiKey>(api.clone()).credential("username", "rk_a"), api, "/v1/balance");

    let api = Recorded::new([asked("https://globex.zendesk.com/api/v2/users/me", &bearer)]);
    answered!(testing::connect::<Zendesk>(api.clone()).config("subdomain", "globex"), api, "/api/v2/users/me");

    // `a-key:X`
    let api = Recorded::new([asked("https://globex.freshdesk.com/api/v2/agents/me", "Basic YS1rZXk6WA==")]);
    let freshdesk = testing::connect::<Freshdesk>(api.clone()).config("subdomain", "globex");
    answered!(freshdesk.credential("username", "a-key").credential("password", "X"), api, "/api/v2/agents/me");
}

#[tokio::test]
async fn a_test_brings_its_own_integration_and_takes_the_whole_keyway() {
    let api = Recorded::new([get("https://sandbox.example.com/v1/user").reply(json!("there"))]);
    let sandbox = Integration::<Github>::new("github").base_url("https://sandbox.example.com/v1");
    let connecting =
        testing::connect::<Github>(api.clone()).integration(sandbox.allowed_hosts(["sandbox.example.com"]));
    let keyway = connecting.with(|builder| builder.user_agent("acme/1")).keyway().await.unwrap();
    let client = keyway.integration::<Github>("github").unwrap().client(testing::CONNECTION).await.unwrap();
    assert_eq!(client.get("/user").json::<Value>().await.unwrap(), "there");
    api.finish().unwrap();
}

#[tokio::test]
async fn what_cannot_be_connected_says_why() {
    let error = testing::connect::<StripeApiKey>(Recorded::new([])).expired().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue);
    assert!(error.message().contains("has no tokens"), "{error}");

    let secretless = testing::connect::<Boards>(Recorded::new([])).await.unwrap_err();
    assert!(secretless.message().contains("secret"), "{secretless}");
    testing::connect::<Boards>(Recorded::new([])).obtained("oauth_token_secret", "s").await.unwrap();

    let unfit = testing::connect::<Zendesk>(Recorded::new([])).config("subdomain", "not a label").await.unwrap_err();
    assert_eq!(unfit.kind(), ErrorKind::InvalidValue, "{unfit}");
}
