//! The pages of this stage's rules.
//!
//! A test executes the examples.

use super::{
    CALL_IN_URL, TEMPLATE_SYNTAX, UNDECLARED_TEMPLATE_VARIABLE, UNKNOWN_FUNCTION, UNKNOWN_TEMPLATE_ROOT, WRONG_ARITY,
};
use crate::diagnostic::{Page, Rule, acme};

/// An entry with an API key that stands in a header as this template says.
macro_rules! header {
    ($template:literal) => {
        acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers:
            authorization: ",
            $template,
            "
        verification: {method: GET, endpoints: [/me]}
"
        )
    };
}

/// An entry whose base URL is this, with a declared `subdomain`.
macro_rules! base_url {
    ($template:literal) => {
        acme!(
            "    auth_mode: NONE
    connection_config:
        subdomain: {type: string, title: Subdomain, description: Its name., pattern: '^[a-z]+$'}
    proxy:
        base_url: ",
            $template,
            "\n"
        )
    };
}

/// Every rule of this stage with its page.
pub static PAGES: [(&Rule, Page); 6] = [
    (
        &TEMPLATE_SYNTAX,
        Page {
            checks: "Checks for a `${` that is never closed, an empty name, a malformed date, and calls nested without end.",
            why: "What cannot be read as a template is none: the entry cannot be used. Other readers send it as it stands.",
            fails: header!("Bearer ${apiKey"),
            mended: header!("Bearer ${apiKey}"),
        },
    ),
    (
        &UNDECLARED_TEMPLATE_VARIABLE,
        Page {
            checks: "Checks for a name in a template that the entry neither declares nor captures from a response.",
            why: "The customer is not asked for the value and nothing supplies it, so every request that needs it would fail: the entry cannot be used.",
            fails: base_url!("https://${connectionConfig.subdomian}.acme.com/${connectionConfig.subdomain}"),
            mended: base_url!("https://${connectionConfig.subdomain}.acme.com"),
        },
    ),
    (
        &UNKNOWN_TEMPLATE_ROOT,
        Page {
            checks: "Checks for a name that its field does not know in this auth mode. A credential in the spelling of another field \
                     (`credentials.apiKey` in a header of an API key's entry, `username` in one of a password's) is a note.",
            why: "Each field knows its own names: a header of `proxy` knows the credential of the mode, a token request knows `clientId`. \
                  Elsewhere the name has no value. A credential has a value under both of its spellings; one in each place is \
                  easier to find.",
            fails: header!("Bearer ${accesToken} ${apiKey}"),
            mended: header!("Bearer ${apiKey}"),
        },
    ),
    (
        &UNKNOWN_FUNCTION,
        Page {
            checks: "Checks for a call of a function that does not exist.",
            why: "There are a few functions for headers that vendors want computed; nothing is evaluated under any other name.",
            fails: header!("Basic ${base46(${apiKey}:)}"),
            mended: header!("Basic ${base64(${apiKey}:)}"),
        },
    ),
    (
        &WRONG_ARITY,
        Page {
            checks: "Checks for a call with too few or too many arguments.",
            why: "A comma separates arguments, also one that was meant as text.",
            fails: header!("${truncate(${apiKey})}"),
            mended: header!("${truncate(${apiKey},20)}"),
        },
    ),
    (
        &CALL_IN_URL,
        Page {
            checks: "Checks for a function call in a URL.",
            why: "Each value in a URL is encoded for its place: a host label, a path segment, a query value. The result of a call has none, so it \
                  could become another URL.",
            fails: base_url!("https://${connectionConfig.subdomain}.acme.com/${base64(${connectionConfig.subdomain})}"),
            mended: base_url!("https://${connectionConfig.subdomain}.acme.com/${connectionConfig.subdomain}"),
        },
    ),
];
