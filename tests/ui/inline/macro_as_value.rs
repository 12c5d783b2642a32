keyway::providers! {
    acme: {
        display_name: concat!("Ac", "me"),
    },
}

fn main() {}
