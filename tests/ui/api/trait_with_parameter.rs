#[keyway::api(keyway_providers::github)]
trait Issues<T> {
    #[get("/user")]
    fn user(&self) -> T;
}

fn main() {}
