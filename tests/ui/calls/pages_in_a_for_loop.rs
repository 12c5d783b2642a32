use keyway::client::Client;
use keyway_providers::github::Github;

async fn run(client: &Client<Github>) -> keyway::Result<()> {
    for page in client.get("/issues").pages::<u64>() {
        println!("{page:?}");
    }
    Ok(())
}

fn main() {}
