use keyway_providers::github;

struct NotRead;

#[keyway::api(github)]
trait Issues {
    #[get("/issues")]
    fn list(&self) -> keyway::Answer<Option<NotRead>>;
}

fn main() {}
