use keyway_providers::pinecone;

fn credentials() -> pinecone::Credentials {
    pinecone::Credentials { api_key: "k" }
}

fn main() {}
