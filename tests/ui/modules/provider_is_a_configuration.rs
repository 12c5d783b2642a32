use keyway::Keyway;
use keyway_providers::zendesk;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    keyway.integration::<zendesk::Config>("zendesk")?;
    Ok(())
}

fn main() {}
