use keyway::Keyway;
use keyway_providers::github;

#[deny(unused_must_use)]
fn run(keyway: &Keyway) -> keyway::Result<()> {
    let github = keyway.integration::<github::Github>("github")?;
    github.authorize("user-42", github::Config {}).redirect_uri("https://acme.example/callback");
    Ok(())
}

fn main() {}
