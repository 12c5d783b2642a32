keyway::providers!("../../../../tests/ui/files/acme.yaml", only = ["acmee"]);

fn main() {}
