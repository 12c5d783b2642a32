use keyway_providers::github;

struct NotRead;

#[keyway::api(github)]
trait Api {
    #[get("/user")]
    fn user(&self) -> NotRead;
}

fn main() {}
