use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("/issues")]
    #[error(Issue)]
    fn list(&self) -> keyway::Response;
}

fn main() {}
