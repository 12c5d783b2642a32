keyway::providers!("nowhere.yaml");

fn main() {}
