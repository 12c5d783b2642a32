keyway::providers! {
    acme: { alias: amce },
}

fn main() {}
