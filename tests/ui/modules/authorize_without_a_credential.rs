use keyway::Keyway;
use keyway_providers::wikipedia;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let wikipedia = keyway.integration::<wikipedia::Wikipedia>("wikipedia")?;
    let config = wikipedia::Config { language: "en".into(), user_agent: "a".into() };
    wikipedia.authorize("user-42", config);
    Ok(())
}

fn main() {}
