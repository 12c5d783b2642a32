use keyway::Keyway;

// One of the catalogue would have rustc list the choices of other providers.
keyway::providers! {
    acme: {
        display_name: "Acme",
        docs: "https://acme.example/docs",
        categories: [other],
        auth_mode: API_KEY,
        credentials: { apiKey: { type: string, title: "API key", description: "Made in the settings." } },
        connection_config: {
            host: {
                type: string,
                title: "Host",
                description: "Where your account is.",
                enum: ["eu.acme.example", "us.acme.example"],
                default_value: "eu.acme.example",
            },
        },
        proxy: {
            base_url: "https://${connectionConfig.host}",
            headers: { "x-api-key": "${apiKey}" },
            verification: { endpoints: ["/me"] },
        },
    },
}

fn run(keyway: &Keyway) -> keyway::Result<()> {
    let acme = keyway.integration::<acme::Acme>("acme")?;
    let credentials = acme::Credentials { api_key: "k".into() };
    acme.connect("user-42", acme::Config {}, credentials).set(acme::HOST, "us.acme.example");
    Ok(())
}

fn main() {}
