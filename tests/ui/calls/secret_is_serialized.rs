use keyway::Secret;

fn show(secret: &Secret) -> serde_json::Result<String> {
    serde_json::to_string(secret)
}

fn main() {}
