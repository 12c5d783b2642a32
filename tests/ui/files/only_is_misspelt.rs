keyway::providers!("../../../../tests/ui/files/acme.yaml", onyl = ["acme"]);

fn main() {}
