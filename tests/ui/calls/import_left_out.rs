use keyway::Keyway;
use keyway_providers::pinecone;

#[deny(unused_must_use)]
fn run(keyway: &Keyway) -> keyway::Result<()> {
    let pinecone = keyway.integration::<pinecone::Pinecone>("pinecone")?;
    let config = pinecone::Config { index: "docs".into(), environment: "gcp".into() };
    pinecone.connect("user-42", config, pinecone::Credentials { api_key: "k".into() });
    Ok(())
}

fn main() {}
