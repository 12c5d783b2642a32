use keyway::Integration;
use keyway_providers::github::Github;

fn integration() -> Integration<Github> {
    Integration::<Github>::new("github").scopes("repo gist")
}

fn main() {}
