use keyway::client::Client;
use keyway_providers::github::Github;

async fn run(client: &Client<Github>) -> keyway::Result<()> {
    client.get("/issues").query("state", Some("open")).send().await?;
    Ok(())
}

fn main() {}
