#![deny(warnings)]

keyway::providers! {
    acme: {
        display_name: "Acme",
        docs: "https://wiki.acme.example/api",
        categories: [crm],
        auth_mode: API_KEY,
        credentials: {
            apiKey: { type: string, title: "API key", description: "Made in the settings." },
        },
        proxy: {
            base_url: "https://api.acme.example.com",
            headers: { "x-api-key": "${apiKey}" },
        },
        connection_config: {
            region: { type: string, title: "Region", description: "Where the account is.", pattern: "^[a-z]+$" },
        },
    },
}

fn main() {}
