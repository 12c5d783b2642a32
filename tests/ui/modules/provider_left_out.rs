use keyway::Keyway;

fn run(keyway: &Keyway) -> keyway::Result<()> {
    keyway.integration("github")?;
    Ok(())
}

fn main() {}
