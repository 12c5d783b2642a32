use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("/user")]
    fn user(&self, #[query] #[header("x-page")] page: u32) -> Issue;
}

fn main() {}
