//! The pages of this stage's rules.
//!
//! Nothing here lowers an entry; a test executes the examples.

use super::{CONFLICTING_REQUEST, INVALID_HOST_PATTERN, MISSING_TOKEN_URL, MODULE_NAME_CLASH, UNREAD_QUIRK};
use crate::diagnostic::{Page, Rule, acme};

/// An entry of the code flow with this below.
macro_rules! oauth2 {
    ($rest:literal) => {
        acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
",
            $rest
        )
    };
}

/// An entry without credentials with this below.
macro_rules! none {
    ($rest:literal) => {
        acme!("    auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n", $rest)
    };
}

/// Every rule of this stage with its page.
pub static PAGES: [(&Rule, Page); 5] = [
    (
        &MISSING_TOKEN_URL,
        Page {
            checks: "Checks for a map of token endpoints that lacks the one its mode uses.",
            why: "The step that needs it cannot be made: an app's installation token comes from the endpoint under `APP`.",
            fails: acme!(
                "    auth_mode: CUSTOM
    authorization_url: https://acme.example/install
    token_url: {OAUTH2: 'https://acme.example/token'}
    proxy: {base_url: 'https://api.acme.example'}
"
            ),
            mended: acme!(
                "    auth_mode: CUSTOM
    authorization_url: https://acme.example/install
    token_url: {OAUTH2: 'https://acme.example/token', APP: 'https://acme.example/app/token'}
    proxy: {base_url: 'https://api.acme.example'}
"
            ),
        },
    ),
    (
        &INVALID_HOST_PATTERN,
        Page {
            checks: "Checks for an entry of `keyway.hosts` that is no host.",
            why: "Credentials go only to hosts of the set, and this one would never match: it is a host, `*` for labels of it, and at most a port.",
            fails: none!("    keyway: {hosts: ['files acme.example']}\n"),
            mended: none!("    keyway: {hosts: ['*.acme.example']}\n"),
        },
    ),
    (
        &MODULE_NAME_CLASH,
        Page {
            checks: "Checks for two entries whose modules would have one name in Rust.",
            why: "A module is named after its entry, with `_` for `-` and a `_` behind a keyword. Two of one name cannot stand in one crate.",
            fails: none!(
                "match:\n    alias: acme\n    display_name: Match\nmatch-:\n    alias: acme\n    display_name: Match (sandbox)\n"
            ),
            mended: none!(
                "match:\n    alias: acme\n    display_name: Match\nmatch-sandbox:\n    alias: acme\n    display_name: Match (sandbox)\n"
            ),
        },
    ),
    (
        &UNREAD_QUIRK,
        Page {
            checks: "Checks for keys under `keyway` that the entry's auth mode does not read.",
            why: "They say in what the requests of a code flow differ from the standard, and the requests of this mode are not made by them.",
            fails: none!("    keyway: {token: {refresh: {query: {version: 2}}}}\n"),
            mended: oauth2!("    keyway: {token: {refresh: {query: {version: 2}}}}\n"),
        },
    ),
    (
        &CONFLICTING_REQUEST,
        Page {
            checks: "Checks for two keys of a request under `keyway.token` that exclude each other.",
            why: "Only one of them can be done: a `GET` has no body, and an assertion proves a client only where `client_auth` says so.",
            fails: oauth2!("    keyway: {token: {code: {method: GET, body_format: json}}}\n"),
            mended: oauth2!("    keyway: {token: {code: {method: GET, body_format: query}}}\n"),
        },
    ),
];
