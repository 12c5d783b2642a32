use keyway::Keyway;

/// As a generated module has it. One of the catalogue would have rustc list providers by name.
mod acme {
    pub struct Config {}
}

fn run(keyway: &Keyway) -> keyway::Result<()> {
    keyway.integration::<acme::Config>("acme")?;
    Ok(())
}

fn main() {}
