use keyway::Keyway;
use keyway_providers::stripe_api_key;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let stripe = keyway.integration::<stripe_api_key::StripeApiKey>("stripe-api-key")?;
    stripe.authorize("user-42", stripe_api_key::Config {});
    Ok(())
}

fn main() {}
