use keyway_providers::github;

fn scopes() -> [&'static str; 1] {
    [github::scopes::REPOS]
}

fn main() {}
