keyway::providers! {
    acme: {
        display_name: "Acme",
        auth_mode,
    },
}

fn main() {}
