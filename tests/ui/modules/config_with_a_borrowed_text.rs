use keyway_providers::zendesk;

fn config() -> zendesk::Config {
    zendesk::Config { subdomain: "acme" }
}

fn main() {}
