use keyway::client::Client;
use keyway_providers::github::Github;

async fn run(client: &Client<Github>) -> keyway::Result<()> {
    client.get(format!("/repos/{}", "a")).send().await?;
    Ok(())
}

fn main() {}
