keyway::include_providers!(pub mod apis);

fn main() {}
