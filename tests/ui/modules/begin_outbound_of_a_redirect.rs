use keyway::Keyway;
use keyway_providers::github;

async fn run(keyway: &Keyway) -> keyway::Result<()> {
    let github = keyway.integration::<github::Github>("github")?;
    github.begin_outbound("user-42", github::Config {}).await?;
    Ok(())
}

fn main() {}
