use keyway_providers::zendesk;

fn config() -> zendesk::Config {
    zendesk::Config { subdomain: 42 }
}

fn main() {}
