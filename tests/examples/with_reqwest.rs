//! Keyway signs in and renews, `reqwest` sends: for a program that has an HTTP client of its own already.
//!
//! ```sh
//! STRIPE_KEY=rk_... cargo run -p keyway-tests --example with_reqwest -- "Ada Lovelace"
//! ```

use keyway::transport::BoxError;
use keyway::{Client, Integration, Keyway};
use keyway_providers::stripe_api_key::{self, StripeApiKey};
use std::io::Write;

/// The program's own client. It follows no redirect: that would take the credential along.
pub(crate) fn own_client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).user_agent("acme-sync/2.1").build()
}

/// Makes a customer, and gives back its id.
pub(crate) async fn create(
    http: &reqwest::Client,
    client: &Client<StripeApiKey>,
    name: &str,
) -> Result<String, BoxError> {
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish();
    let request = http::Request::post("/v1/customers")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("idempotency-key", "customer-of-order-17")
        .body(form)?;
    let request = client.authorize(request).await?;
    let response = http.execute(request.try_into()?).await?.error_for_status()?;
    let customer: serde_json::Value = serde_json::from_slice(&response.bytes().await?)?;
    Ok(customer["id"].as_str().unwrap_or_default().to_owned())
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let name = std::env::args().nth(1).ok_or("usage: with_reqwest NAME")?;
    let keyway = Keyway::builder().integration(Integration::<StripeApiKey>::new("stripe")).build()?;
    let stripe = keyway.integration::<StripeApiKey>("stripe")?;
    let credentials = stripe_api_key::Credentials { username: std::env::var("STRIPE_KEY")?.into() };
    stripe.connect("me", stripe_api_key::Config {}, credentials).import().await?;
    let id = create(&own_client()?, &stripe.client("me").await?, &name).await?;
    writeln!(std::io::stdout(), "{id}")?;
    Ok(())
}
