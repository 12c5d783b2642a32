use keyway_providers::paypal_oauth2_cc;

fn credentials() -> paypal_oauth2_cc::Credentials {
    paypal_oauth2_cc::Credentials { client_id: "i".into() }
}

fn main() {}
