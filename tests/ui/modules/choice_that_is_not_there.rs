use keyway_providers::paypal;

fn host() -> paypal::Host {
    paypal::Host::Sandbox
}

fn main() {}
