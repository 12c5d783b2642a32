#[keyway::api(keyway_providers::github)]
trait Issues {
    const MOST: u8 = 3;
}

fn main() {}
