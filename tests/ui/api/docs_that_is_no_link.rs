use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("/issues")]
    #[docs("see the docs")]
    fn list(&self) -> Issue;
}

fn main() {}
