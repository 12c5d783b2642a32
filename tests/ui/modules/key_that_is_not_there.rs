use keyway::Keyway;
use keyway_providers::gitlab;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let gitlab = keyway.integration::<gitlab::Gitlab>("gitlab")?;
    gitlab.authorize("user-42", gitlab::Config {}).set(gitlab::HOSTNAME, "git.acme.example");
    Ok(())
}

fn main() {}
