use keyway_providers::github;

struct NotRead;

#[keyway::api(github)]
trait Api {
    #[get("/user")]
    #[error(NotRead)]
    fn user(&self) -> u8;

    #[delete("/user")]
    #[error(NotRead)]
    fn delete(&self);
}

fn main() {}
