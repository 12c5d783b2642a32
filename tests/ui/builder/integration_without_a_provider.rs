use keyway::{Integration, Keyway};

fn set_up() -> keyway::Result<Keyway> {
    Keyway::builder().integration(Integration::new("github")).build()
}

fn main() {}
