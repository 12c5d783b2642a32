use keyway::Keyway;
use keyway_providers::pinecone;

async fn run(keyway: &Keyway) -> keyway::Result<()> {
    let pinecone = keyway.integration::<pinecone::Pinecone>("pinecone")?;
    pinecone.refresh("user-42").await?;
    Ok(())
}

fn main() {}
