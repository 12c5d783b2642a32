use keyway_providers::{github, gitlab};

#[keyway::api(github)]
trait Issues {
    #[get("/user")]
    fn user(&self);
}

async fn count(api: &impl Issues) {
    api.user().await.ok();
}

async fn run(client: &keyway::Client<gitlab::Gitlab>) {
    count(client).await;
}

fn main() {}
