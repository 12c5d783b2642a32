use keyway::Keyway;
use keyway_providers::paypal;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let paypal = keyway.integration::<paypal::Paypal>("paypal")?;
    let credentials = paypal::Credentials { client_id: "i".into(), client_secret: "s".into() };
    paypal.connect("user-42", credentials, paypal::Config {});
    Ok(())
}

fn main() {}
