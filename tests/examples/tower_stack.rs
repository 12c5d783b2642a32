//! A client as a `tower` service, with layers around it: the names of customers, four calls at a time, each within ten
//! seconds.
//!
//! ```sh
//! STRIPE_KEY=rk_... cargo run -p keyway-tests --example tower_stack -- cus_1 cus_2 cus_3
//! ```

use keyway::transport::{Body, BoxError};
use keyway::{Client, Integration, Keyway};
use keyway_providers::stripe_api_key::{self, StripeApiKey};
use std::io::Write;
use std::time::Duration;
use tokio::task::JoinSet;
use tower::{ServiceBuilder, ServiceExt};

/// A customer's id, and the name or why there is none.
pub(crate) type Named = (String, Result<String, BoxError>);

/// The names of customers, by id.
pub(crate) async fn names(client: Client<StripeApiKey>, ids: impl IntoIterator<Item = String>) -> Vec<Named> {
    // Clones share the limit. Credentials, renewal and the check of the host are inside of the client.
    let stack = ServiceBuilder::new().concurrency_limit(4).timeout(Duration::from_secs(10)).service(client);
    let mut calls = JoinSet::new();
    for id in ids {
        let stack = stack.clone();
        calls.spawn(async move {
            let named = async {
                let request = http::Request::get(format!("/v1/customers/{id}")).body(Body::empty())?;
                let response = stack.oneshot(request).await?;
                if !response.status().is_success() {
                    return Err(format!("the answer is {}", response.status()).into());
                }
                let customer: serde_json::Value =
                    serde_json::from_slice(&response.into_body().collect(1 << 20).await?)?;
                Ok(customer["name"].as_str().unwrap_or_default().to_owned())
            };
            let named = named.await;
            (id, named)
        });
    }
    let mut names = calls.join_all().await;
    names.sort_by(|(a, _), (b, _)| a.cmp(b));
    names
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let keyway = Keyway::builder().integration(Integration::<StripeApiKey>::new("stripe")).build()?;
    let stripe = keyway.integration::<StripeApiKey>("stripe")?;
    let credentials = stripe_api_key::Credentials { username: std::env::var("STRIPE_KEY")?.into() };
    stripe.connect("me", stripe_api_key::Config {}, credentials).import().await?;
    for (id, name) in names(stripe.client("me").await?, std::env::args().skip(1)).await {
        match name {
            Ok(name) => writeln!(std::io::stdout(), "{id} {name}")?,
            Err(error) => writeln!(std::io::stderr(), "{id}: {error}")?,
        }
    }
    Ok(())
}
