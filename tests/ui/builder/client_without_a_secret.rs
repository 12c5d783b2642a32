use keyway::Integration;
use keyway_providers::github::Github;

fn integration() -> Integration<Github> {
    Integration::<Github>::new("github").oauth_app("id")
}

fn main() {}
