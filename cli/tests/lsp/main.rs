//! Sessions with the language server, over the streams of the real process.
//!
//! Tables of texts with a `|` where the cursor is. Times are measured by the benchmark `edit` of `keyway-lsp`.
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod client;
mod features;
mod protocol;

/// An entry without a finding.
const CLEAN: &str = "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials:
        apiKey:
            type: string
            title: Key
            description: Made in the settings.
    connection_config:
        team:
            type: string
            title: Team
            description: The name of your team.
            pattern: '^[a-z0-9]+(-[a-z0-9]+)*$'
            example: blue
    proxy:
        base_url: https://${connectionConfig.team}.acme.example
        headers:
            authorization: Bearer ${apiKey}
        verification:
            method: GET
            endpoints: [/me]
";
