use keyway_providers::github;

#[keyway::api(github)]
trait Issues {
    #[get("/user")]
    fn user(&self) -> &str;
}

fn main() {}
