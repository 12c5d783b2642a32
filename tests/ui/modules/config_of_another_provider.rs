use keyway::Keyway;
use keyway_providers::github;
use keyway_providers::zendesk;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let zendesk = keyway.integration::<zendesk::Zendesk>("zendesk")?;
    zendesk.authorize("user-42", github::Config {}).redirect_uri("https://acme.example/callback");
    Ok(())
}

fn main() {}
