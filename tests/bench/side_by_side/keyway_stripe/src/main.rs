//! The charges of a customer, all pages, and a payment: with Keyway and imported operations.

#[path = "../../../../examples/three_vendors/imported/stripe.rs"]
mod stripe;

use keyway::{EgressPolicy, Integration, Keyway};
use keyway_providers::stripe_api_key::{Config, Credentials, StripeApiKey};
use stripe::{GetChargesQuery, Payments, PostPaymentIntentsBody};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = std::env::var("API")?;
    let host = api.trim_start_matches("http://").to_owned();
    let integration = Integration::<StripeApiKey>::new("stripe").base_url(&api).allowed_hosts([host]);
    let local = EgressPolicy::default().allow_private(true).allow_http(true);
    let keyway = Keyway::builder().egress(local).integration(integration).build()?;
    let stripe = keyway.integration::<StripeApiKey>("stripe")?;
    let credentials = Credentials { username: std::env::var("TOKEN")?.into() };
    stripe.connect("customer-1", Config {}, credentials).import_unverified().await?;

    let client = stripe.client("customer-1").await?.retries(2);
    let of_customer = GetChargesQuery { customer: Some("cus_1".to_owned()), ..Default::default() };
    let charges = client.get_charges(None, None, &of_customer).limit(1).collect(1_000).await?;
    let body = PostPaymentIntentsBody { amount: 1000, currency: "eur".to_owned(), ..Default::default() };
    let made = client.post_payment_intents(&body).await?;
    println!("{} charges, made {}", charges.len(), made.id);
    Ok(())
}
