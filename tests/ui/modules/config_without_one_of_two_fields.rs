use keyway_providers::pinecone;

fn config() -> pinecone::Config {
    pinecone::Config { index: "docs".into() }
}

fn main() {}
