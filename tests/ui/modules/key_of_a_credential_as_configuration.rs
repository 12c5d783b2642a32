use keyway::Keyway;
use keyway_providers::stripe_api_key;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let stripe = keyway.integration::<stripe_api_key::StripeApiKey>("stripe-api-key")?;
    let credentials = stripe_api_key::Credentials { username: "k".into() };
    stripe.connect("user-42", stripe_api_key::Config {}, credentials).set(stripe_api_key::PASSWORD, "p");
    Ok(())
}

fn main() {}
