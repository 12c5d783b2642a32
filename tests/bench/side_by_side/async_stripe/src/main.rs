//! The charges of a customer, all pages, and a payment: with async-stripe.

use futures_util::TryStreamExt;
use stripe::{Charge, Client, CreatePaymentIntent, Currency, ListCharges, PaymentIntent, RequestStrategy};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_url(std::env::var("API")?.as_str(), std::env::var("TOKEN")?)
        .with_strategy(RequestStrategy::ExponentialBackoff(2));
    let params = ListCharges { customer: Some("cus_1".parse()?), limit: Some(1), ..ListCharges::new() };
    let charges: Vec<Charge> =
        Charge::list(&client, &params).await?.paginate(params).stream(&client).try_collect().await?;
    let made = PaymentIntent::create(&client, CreatePaymentIntent::new(1000, Currency::EUR)).await?;
    println!("{} charges, made {}", charges.len(), made.id);
    Ok(())
}
