use keyway::Keyway;

async fn run(keyway: &Keyway) -> keyway::Result<()> {
    keyway.finish("code=1&state=2").await?;
    Ok(())
}

fn main() {}
