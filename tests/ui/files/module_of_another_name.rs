keyway::providers!("acme.yaml");

pub use acme_crm::Config;

fn main() {}
