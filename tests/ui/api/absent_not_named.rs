use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("/issues")]
    fn list(&self) -> Option<keyway::Answer<Issue>>;
}

fn main() {}
