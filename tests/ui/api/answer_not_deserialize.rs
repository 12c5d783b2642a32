use keyway_providers::github;

struct User;

#[keyway::api(github)]
trait Issues {
    #[get("/user")]
    fn user(&self) -> User;
}

fn main() {}
