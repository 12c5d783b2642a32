use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("/issues")]
    #[paginate(next = "links.next", start = 1)]
    fn list(&self) -> Vec<Issue>;
}

fn main() {}
