use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("/users/{name}")]
    fn user(&self, #[query] name: &str) -> Issue;
}

fn main() {}
