#[derive(keyway::Deserialize)]
#[serde(tag = "type")]
enum Owner {
    User(String, u64),
}

fn main() {}
