use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("/repos/{owner}/{repos}")]
    fn repo(&self, owner: &str, repo: &str) -> Issue;
}

fn main() {}
