//! A customer was charged twice: seen in Zendesk, looked up and charged anew at Stripe, written down at GitHub.
//!
//! Twelve operations of three vendors. `imported` has them as `keyway import openapi` wrote them, and `by_hand` as a
//! person would; `steps.rs` is the program, and runs with either. A test compares every byte of what they send.
//!
//! ```sh
//! ZENDESK_SUBDOMAIN=acme ZENDESK_EMAIL=.. ZENDESK_TOKEN=.. STRIPE_KEY=.. GITHUB_TOKEN=.. \
//!   cargo run -p keyway-tests --example three_vendors
//! ```

pub(crate) mod by_hand;
pub(crate) mod imported;

use keyway::connection::{ConfigMap, Trust};
use keyway::credentials::Token;
use keyway::{Client, ConnectionKey, Credentials, Integration, Keyway};
use keyway_providers::github::Github;
use keyway_providers::stripe_api_key::{self, StripeApiKey};
use keyway_providers::zendesk_api_key::{self, ZendeskApiKey};
use std::env::var;
use std::io::Write;

/// The accounts that the program works with.
pub(crate) struct Accounts {
    pub(crate) github: Client<Github>,
    pub(crate) stripe: Client<StripeApiKey>,
    pub(crate) zendesk: Client<ZendeskApiKey>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let keyway = Keyway::builder()
        .integration(Integration::<Github>::new("github"))
        .integration(Integration::<StripeApiKey>::new("stripe"))
        .integration(Integration::<ZendeskApiKey>::new("zendesk"))
        .build()?;
    let token = Credentials::default().token(Token::new(var("GITHUB_TOKEN")?));
    let (key, metadata) = (ConnectionKey::new("github", "me"), serde_json::Map::new());
    keyway.import(key, ConfigMap::new(), metadata, token, Trust::Operator).await?;
    let stripe = keyway.integration::<StripeApiKey>("stripe")?;
    let key = stripe_api_key::Credentials { username: var("STRIPE_KEY")?.into() };
    stripe.connect("me", stripe_api_key::Config {}, key).import().await?;
    let zendesk = keyway.integration::<ZendeskApiKey>("zendesk")?;
    let config = zendesk_api_key::Config { subdomain: var("ZENDESK_SUBDOMAIN")? };
    let agent =
        zendesk_api_key::Credentials { username: var("ZENDESK_EMAIL")?.into(), password: var("ZENDESK_TOKEN")?.into() };
    zendesk.connect("me", config, agent).import().await?;
    let accounts = Accounts {
        github: keyway.integration::<Github>("github")?.client("me").await?,
        stripe: stripe.client("me").await?.retries(1),
        zendesk: zendesk.client("me").await?.retries(1),
    };
    let by_hand = std::env::args().any(|argument| argument == "--by-hand");
    let done = if by_hand { by_hand::steps::run(&accounts).await? } else { imported::steps::run(&accounts).await? };
    writeln!(std::io::stdout(), "{done}")?;
    Ok(())
}
