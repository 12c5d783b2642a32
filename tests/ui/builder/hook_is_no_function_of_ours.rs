use keyway::Keyway;

fn set_up() -> keyway::Result<Keyway> {
    Keyway::builder().hook("acmePostConnection", |name: &str| name.len()).build()
}

fn main() {}
