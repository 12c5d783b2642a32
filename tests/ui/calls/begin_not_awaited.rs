use keyway::Keyway;
use keyway_providers::github;

async fn run(keyway: &Keyway) -> keyway::Result<()> {
    let github = keyway.integration::<github::Github>("github")?;
    let start = github.authorize("user-42", github::Config {}).begin();
    println!("{}", start.url);
    Ok(())
}

fn main() {}
