keyway::providers!("../../../../tests/ui/files/torn.yaml");

fn main() {}
