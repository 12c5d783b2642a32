use keyway::Keyway;
use keyway_providers::github;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    keyway.integration::<github::SPEC>("github")?;
    Ok(())
}

fn main() {}
