use keyway_providers::github;

#[derive(serde::Deserialize)]
struct Issue {
    _number: u64,
}

#[keyway::api(github)]
trait Issues {
    #[get("https://api.github.com/user")]
    fn user(&self) -> Issue;
}

fn main() {}
