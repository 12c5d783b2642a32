#[derive(keyway::Serialize)]
struct Issue {
    id: u64,
    milestone: Option<Milestone>,
}

struct Milestone;

fn main() {}
