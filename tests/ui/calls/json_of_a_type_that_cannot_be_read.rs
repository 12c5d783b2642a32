use keyway::client::Client;
use keyway_providers::github::Github;

async fn run(client: &Client<Github>) -> keyway::Result<()> {
    struct User;
    let me: User = client.get("/user").json().await?;
    Ok(())
}

fn main() {}
