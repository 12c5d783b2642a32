keyway::providers! {
    'a': {},
}

fn main() {}
