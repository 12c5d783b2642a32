keyway::include_providers!();

fn main() {}
