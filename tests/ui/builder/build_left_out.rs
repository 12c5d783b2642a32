use keyway::Keyway;

fn set_up() -> keyway::Result<Keyway> {
    Ok(Keyway::builder())
}

fn main() {}
