use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("/repos/{owner}")]
    fn repo(&self, owner: Option<&str>) -> Issue;
}

fn main() {}
