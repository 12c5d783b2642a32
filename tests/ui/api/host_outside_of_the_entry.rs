use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[post("/issues")]
    #[host("uploads.example.com")]
    fn create(&self) -> Issue;
}

fn main() {}
