#[derive(keyway::Deserialize)]
#[serde(untagged)]
enum Owner {
    User(User),
    Name(String),
}

struct User;

fn main() {}
