//! The Rust of the page `docs/src/guide/endpoints.md`, run against a recorded transport.
//!
//! A test of the command line finds the lines of the page here. Lines that only the test needs stand between them.

use keyway::client::Client;
use keyway::testing::{self, Recorded, get, post};
use keyway_providers::github::{self, Github};
use keyway_providers::stripe_api_key::{self, StripeApiKey};
use serde::Deserialize;
use serde_json::json;

/// The part of an issue that the page reads.
#[derive(Debug, Deserialize)]
struct Issue {
    number: u64,
}

async fn read(client: &Client<Github>) -> keyway::Result<Vec<u64>> {
    use github::endpoints::IssuesList;

    let open = IssuesList { state: Some("open"), labels: Some(&["bug"]), ..IssuesList::new("octo", "hello") };
    let mut pages = client.endpoint(&open).pages::<Issue>();
    let mut numbers = Vec::new();
    while let Some(page) = pages.next().await? {
        numbers.extend(page.iter().map(|issue| issue.number));
    }
    Ok(numbers)
}

async fn pay_back(client: &Client<StripeApiKey>) -> keyway::Result<String> {
    use stripe_api_key::endpoints::RefundsCreate;

    let refund = RefundsCreate { payment_intent: Some("pi_1"), amount: Some(500), ..RefundsCreate::new() };
    let made: serde_json::Value = client.endpoint(&refund).retries(2).json().await?;
    Ok(made["status"].to_string())
}

#[tokio::test]
async fn operations_of_the_catalogue_are_called_as_the_page_says() {
    let issues = "https://api.github.com/repos/octo/hello/issues?state=open&labels=bug";
    let api = Recorded::new([
        get(issues)
            .reply(json!([{"number": 7}]))
            .reply_header("link", "<https://api.github.com/repositories/1/issues?page=2>; rel=\"next\""),
        get("https://api.github.com/repositories/1/issues?page=2").reply(json!([{"number": 8}])),
    ]);
    let client = testing::connect::<Github>(api.clone()).await.unwrap();
    assert_eq!(read(&client).await.unwrap(), [7, 8]);
    api.finish().unwrap();

    let api = Recorded::new([post("https://api.stripe.com/v1/refunds")
        .form([("payment_intent", "pi_1"), ("amount", "500")])
        .reply(json!({"status": "succeeded"}))]);
    let client = testing::connect::<StripeApiKey>(api.clone()).credential("username", "rk_a").await.unwrap();
    assert_eq!(pay_back(&client).await.unwrap(), "\"succeeded\"");
    api.finish().unwrap();
}
