#[keyway::api(github)]
struct Issues;

fn main() {}
