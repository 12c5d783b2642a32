use keyway::Keyway;
use keyway_providers::github;
use keyway_providers::gitlab;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let github = keyway.integration::<github::Github>("github")?;
    github.authorize("user-42", github::Config {}).set(gitlab::HOST, "git.acme.example");
    Ok(())
}

fn main() {}
