use keyway_providers::github;

#[keyway::api(github)]
trait Issues {
    const MOST: u8 = 3;
}

fn main() {}
