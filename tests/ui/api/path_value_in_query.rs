use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("/search?q={q}")]
    fn search(&self, q: &str) -> Issue;
}

fn main() {}
