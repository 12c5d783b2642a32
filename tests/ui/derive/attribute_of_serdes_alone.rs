#[derive(keyway::Deserialize)]
struct Issue {
    #[serde(default)]
    id: u64,
}

fn main() {}
