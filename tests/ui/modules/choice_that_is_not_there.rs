use keyway_providers::paypal_oauth2_cc;

fn host() -> paypal_oauth2_cc::Host {
    paypal_oauth2_cc::Host::Sandbox
}

fn main() {}
