use keyway::Keyway;

async fn run(keyway: &Keyway) -> keyway::Result<()> {
    keyway.finish("/callback/1?code=1&state=2").await?;
    Ok(())
}

fn main() {}
