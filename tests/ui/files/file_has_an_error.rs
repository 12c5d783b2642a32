keyway::providers!("../../../../tests/ui/files/broken.yaml");

fn main() {}
