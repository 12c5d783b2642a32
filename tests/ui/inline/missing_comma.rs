keyway::providers! {
    acme: {
        display_name: "Acme"
        auth_mode: NONE,
    },
}

fn main() {}
