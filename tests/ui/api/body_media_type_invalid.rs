use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[post("/issues")]
    fn create(&self, #[body(bytes = "png")] issue: &[u8]) -> Issue;
}

fn main() {}
