use keyway::Keyway;

fn set_up() -> keyway::Result<Keyway> {
    Keyway::builder().store("keyway.db").build()
}

fn main() {}
