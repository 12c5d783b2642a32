use keyway_providers::github;

#[keyway::api(github)]
trait Issues {
    #[put("/file")]
    fn upload(&self, #[body(bytes)] data: u64);
}

fn main() {}
