use keyway::Keyway;
use keyway_providers::paypal_oauth2_cc;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let paypal_oauth2_cc = keyway.integration::<paypal_oauth2_cc::PaypalOauth2Cc>("paypal")?;
    let credentials = paypal_oauth2_cc::Credentials { client_id: "i".into(), client_secret: "s".into() };
    paypal_oauth2_cc.connect("user-42", paypal_oauth2_cc::Config {}, credentials).set(paypal_oauth2_cc::HOST, "api-m.sandbox.paypal_oauth2_cc.com");
    Ok(())
}

fn main() {}
