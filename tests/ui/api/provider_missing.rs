#[keyway::api()]
trait Issues {
    #[get("/user")]
    fn user(&self);
}

fn main() {}
