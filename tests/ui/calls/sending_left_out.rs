use keyway::client::Client;
use keyway_providers::github::Github;

#[deny(unused_must_use)]
async fn run(client: &Client<Github>) -> keyway::Result<()> {
    client.post("/user/repos").query("a", 1);
    Ok(())
}

fn main() {}
