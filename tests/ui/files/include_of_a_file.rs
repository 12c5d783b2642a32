keyway::include_providers!("providers.yaml");

fn main() {}
