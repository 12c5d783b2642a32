use keyway_providers::netsuite_tba;

fn credentials() -> netsuite_tba::Credentials {
    netsuite_tba::Credentials { token_id: "i".into() }
}

fn main() {}
