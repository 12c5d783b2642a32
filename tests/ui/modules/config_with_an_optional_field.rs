use keyway_providers::gitlab;

fn config() -> gitlab::Config {
    gitlab::Config { host: "git.acme.example".into() }
}

fn main() {}
