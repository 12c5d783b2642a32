keyway::providers!("../../../../tests/ui/files/acme.yaml");

pub use acme_crm::Config;

fn main() {}
