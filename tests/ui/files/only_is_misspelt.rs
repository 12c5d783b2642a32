keyway::providers!("acme.yaml", onyl = ["acme"]);

fn main() {}
