use keyway::Keyway;
use keyway_providers::github;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let github = keyway.integration::<github::Github>("github")?;
    github.connect("user-42", github::Config {}, github::Credentials {});
    Ok(())
}

fn main() {}
