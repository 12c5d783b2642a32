use keyway_providers::github;

#[keyway::api(github)]
trait Issues {
    #[get("/issues/{number}")]
    fn issue(&self, number: u64);
}

async fn run(api: &impl Issues) {
    api.issue("7").await.ok();
}

fn main() {}
