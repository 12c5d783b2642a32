#[derive(keyway::Serialize)]
struct Issue<'a> {
    title: &'a str,
}

fn main() {}
