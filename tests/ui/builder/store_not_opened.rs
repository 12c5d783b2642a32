use keyway::seal::SealingKey;
use keyway::{Keyway, Sqlite};

fn set_up(key: SealingKey) -> keyway::Result<Keyway> {
    Keyway::builder().store(Sqlite::open("keyway.db", key)).build()
}

fn main() {}
