use keyway_providers::paypal;

fn credentials() -> paypal::Credentials {
    paypal::Credentials { client_id: "i".into() }
}

fn main() {}
