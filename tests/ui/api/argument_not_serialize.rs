use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

struct State;

#[keyway::api(github)]
trait Issues {
    #[get("/issues")]
    fn list(&self, #[query] state: State) -> Issue;
}

fn main() {}
