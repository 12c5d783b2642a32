use keyway_providers::github;

#[keyway::api(github)]
trait Issues<T> {
    #[get("/user")]
    fn user(&self) -> T;
}

fn main() {}
