use keyway::Keyway;
use keyway_providers::paypal;
use keyway_providers::pinecone;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let paypal = keyway.integration::<paypal::Paypal>("paypal")?;
    paypal.connect("user-42", paypal::Config {}, pinecone::Credentials { api_key: "k".into() });
    Ok(())
}

fn main() {}
