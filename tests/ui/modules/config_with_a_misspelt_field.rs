use keyway_providers::zendesk;

fn config() -> zendesk::Config {
    zendesk::Config { subdomian: "acme".into() }
}

fn main() {}
