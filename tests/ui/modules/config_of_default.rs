use keyway_providers::zendesk;

fn config() -> zendesk::Config {
    zendesk::Config::default()
}

fn main() {}
