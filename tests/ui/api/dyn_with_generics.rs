use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github, dyn)]
trait Issues {
    #[get("/issues")]
    fn list<T: serde::Serialize>(&self, #[query] filter: T) -> Issue;
}

fn main() {}
