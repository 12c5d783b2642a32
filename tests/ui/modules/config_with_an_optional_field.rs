use keyway::Keyway;
use keyway_providers::gitlab;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let gitlab = keyway.integration::<gitlab::Gitlab>("gitlab")?;
    gitlab.authorize("user-42", gitlab::Config { host: "git.acme.example".into() });
    Ok(())
}

fn main() {}
