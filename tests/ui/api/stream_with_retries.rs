use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[post("/issues")]
    #[retries(2)]
    fn create(&self, #[body(stream)] issue: keyway::Upload) -> Issue;
}

fn main() {}
