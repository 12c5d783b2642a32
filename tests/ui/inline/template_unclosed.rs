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
            verification: { endpoints: ["/me"] },
            base_url: "https://api.acme.example.com",
            headers: { "x-api-key": "${apiKey" },
        },
    },
}

fn main() {}
