keyway::providers!("acme.yaml", only = [acme]);

fn main() {}
