use keyway::client::Client;
use keyway_providers::github::Github;

async fn run(client: &Client<Github>) -> keyway::Result<()> {
    struct Issue;
    client.post("/issues").body(&Issue).send().await?;
    Ok(())
}

fn main() {}
