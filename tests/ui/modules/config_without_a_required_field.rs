use keyway_providers::zendesk;

fn config() -> zendesk::Config {
    zendesk::Config {}
}

fn main() {}
