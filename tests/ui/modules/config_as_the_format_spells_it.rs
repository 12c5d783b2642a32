use keyway_providers::zoom_server_to_server;

fn config() -> zoom_server_to_server::Config {
    zoom_server_to_server::Config { accountId: "acme".into() }
}

fn main() {}
