keyway::providers! {
    acme.yaml
}

fn main() {}
