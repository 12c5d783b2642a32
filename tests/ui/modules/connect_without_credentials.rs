use keyway::Keyway;
use keyway_providers::paypal_oauth2_cc;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let paypal_oauth2_cc = keyway.integration::<paypal_oauth2_cc::PaypalOauth2Cc>("paypal")?;
    paypal_oauth2_cc.connect("user-42", paypal_oauth2_cc::Config {});
    Ok(())
}

fn main() {}
