use keyway::Keyway;
use keyway_providers::github;

async fn run(keyway: &Keyway) -> keyway::Result<()> {
    let github = keyway.integration::<github::Github>("github")?;
    github.client("user-42").get("/user");
    Ok(())
}

fn main() {}
