use keyway_providers::github;

struct NotRead;

#[keyway::api(github)]
trait Api {
    #[get("/issues")]
    #[paginate]
    fn issues(&self) -> Vec<NotRead>;
}

fn main() {}
