use keyway::Keyway;

fn set_up() -> keyway::Result<Keyway> {
    Keyway::builder().call_timeout(30).build()
}

fn main() {}
