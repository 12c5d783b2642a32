#[keyway::api(githup)]
trait Issues {
    #[get("/user")]
    fn user(&self);
}

fn main() {}
