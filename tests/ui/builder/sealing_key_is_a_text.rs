use keyway::{Keyway, Sqlite};

fn set_up() -> keyway::Result<Keyway> {
    Keyway::builder().store(Sqlite::open("keyway.db", "c2VjcmV0")?).build()
}

fn main() {}
