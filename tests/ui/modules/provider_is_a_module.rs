use keyway::Keyway;
use keyway_providers::github;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    keyway.integration::<github>("github")?;
    Ok(())
}

fn main() {}
