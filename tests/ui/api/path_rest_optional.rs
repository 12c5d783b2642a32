use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("/contents/{path*}")]
    fn list(&self, path: Option<&str>) -> Issue;
}

fn main() {}
