use keyway::client::Client;
use keyway_providers::github::Github;

async fn run(client: &Client<Github>) -> keyway::Result<()> {
    let me = client.get("/user").json().await?;
    Ok(())
}

fn main() {}
