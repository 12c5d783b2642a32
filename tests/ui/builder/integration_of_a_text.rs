use keyway::Keyway;

fn set_up() -> keyway::Result<Keyway> {
    Keyway::builder().integration("github").build()
}

fn main() {}
