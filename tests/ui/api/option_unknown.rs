use keyway_providers::github;

#[keyway::api(github, runtime = kw)]
trait Issues {
    #[get("/user")]
    fn user(&self);
}

fn main() {}
