use keyway::Keyway;
use keyway_providers::paypal;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let paypal = keyway.integration::<paypal::Paypal>("paypal")?;
    paypal.authorize("user-42", paypal::Config {});
    Ok(())
}

fn main() {}
