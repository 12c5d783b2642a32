keyway::providers!("../../../../tests/ui/files/acme.yaml", only = [acme]);

fn main() {}
