use keyway::client::Client;
use keyway_providers::github::Github;

async fn run(client: &Client<Github>) -> keyway::Result<()> {
    let mut pages = client.get("/issues").pages::<u64>();
    while let Some(page) = pages.next().await {
        println!("{}", page.len());
    }
    Ok(())
}

fn main() {}
