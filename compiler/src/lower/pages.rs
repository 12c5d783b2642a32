//! The pages of this stage's rules.
//!
//! A test executes the examples.

use super::{
    CONFLICTING_REQUEST, ENDPOINT_CALL, ENDPOINT_PAGES, ENDPOINT_PARAMETER, ERROR_ANSWER, INVALID_HOST_PATTERN,
    MISSING_TOKEN_URL, MODULE_NAME_CLASH, NAME_CLASH, PAGE_RULE, RATE_LIMIT, RETRY_UNIT, UNDECLARED_PARAM_CLASH,
    UNREAD_QUIRK,
};
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
pub static PAGES: [(&Rule, Page); 14] = [
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
    (
        &NAME_CLASH,
        Page {
            checks: "Checks for fields, values or scopes of one list that have the same name in Rust.",
            why: "The first of the list has the name and the next one a number, so that what is added behind the others renames nothing. A field can be called otherwise while no program uses it.",
            fails: none!("    keyway: {scopes: ['read:user', read-user]}\n"),
            mended: none!("    keyway: {scopes: ['read:user']}\n"),
        },
    ),
    (
        &UNDECLARED_PARAM_CLASH,
        Page {
            checks: "Checks for a parameter of the authorization URL that is not declared and has the Rust name of a field that is.",
            why: "The field under `connection_config` may be another spelling of it that was meant. If it is not, nothing says which of the two had the name first, and a program would set the wrong one.",
            fails: oauth2!(
                "    connection_config: {team: {type: string, title: Team, description: The team., optional: true}}\n    keyway: {authorization: {config_params: [Team]}}\n"
            ),
            mended: oauth2!(
                "    connection_config: {team: {type: string, title: Team, description: The team., optional: true}}\n    keyway: {authorization: {config_params: [team]}}\n"
            ),
        },
    ),
    (
        &ENDPOINT_CALL,
        Page {
            checks: "Checks for an operation under `keyway.endpoints` that cannot be called: without exactly one verb, with a path that is none, or with a verb and a path that another one has.",
            why: "An operation is a verb with a path below `proxy.base_url`. A path begins with `/` and names no host, so no operation leads where the entry's credentials may not go; what stands behind `?` is listed under `query`.",
            fails: none!("    keyway: {endpoints: {items.get: {get: 'items/{id}'}}}\n"),
            mended: none!("    keyway: {endpoints: {items.get: {get: '/items/{id}'}}}\n"),
        },
    ),
    (
        &ENDPOINT_PARAMETER,
        Page {
            checks: "Checks for a parameter under `keyway.endpoints` that no call can send as it is described.",
            why: "Callers give values by name. A name that is not in the path, one that stands in two places, a body that the verb does not have, or a list where one text stands would be found only when the call is made.",
            fails: none!("    keyway: {endpoints: {items.get: {get: '/items/{id}', path: {item_id: integer}}}}\n"),
            mended: none!("    keyway: {endpoints: {items.get: {get: '/items/{id}', path: {id: integer}}}}\n"),
        },
    ),
    (
        &ENDPOINT_PAGES,
        Page {
            checks: "Checks for an operation under `keyway.endpoints` whose pages nothing describes.",
            why: "`paginate` takes what it does not say from `proxy.paginate`. Where neither says how a list goes on, only its first page would ever be read.",
            fails: none!("    keyway: {endpoints: {items.list: {get: /items, paginate: true}}}\n"),
            mended: none!(
                "    keyway: {endpoints: {items.list: {get: /items, paginate: {type: link, link_rel_in_response_header: next}}}}\n"
            ),
        },
    ),
    (
        &RATE_LIMIT,
        Page {
            checks: "Checks for a rate limit under `keyway.limits` whose keys do not fit together: nothing says when it is spent or how its reset counts, or two keys say the same.",
            why: "Such a limit is never spent, or asks for a wait that nobody knows, so that calls are repeated too early or not at all.",
            fails: none!("    keyway: {limits: [{remaining: x-ratelimit-remaining, reset: x-ratelimit-reset}]}\n"),
            mended: none!(
                "    keyway: {limits: [{remaining: x-ratelimit-remaining, reset: x-ratelimit-reset, reset_unit: instant}]}\n"
            ),
        },
    ),
    (
        &RETRY_UNIT,
        Page {
            checks: "Checks for a unit under `keyway.retry` of a wait that the entry does not read.",
            why: "`after_unit` is about the headers that `proxy.retry.after` names, `at_unit` about those of `at`, `in_body_unit` about `in_body`. `Retry-After` counts seconds in every answer.",
            fails: none!("    keyway: {retry: {after_unit: milliseconds}}\n"),
            mended: acme!(
                "    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.example', retry: {after: x-retry-after-ms}}
    keyway: {retry: {after_unit: milliseconds}}
"
            ),
        },
    ),
    (
        &PAGE_RULE,
        Page {
            checks: "Checks for a `keyway.paginate` whose keys exclude each other, or that does not say how a list goes on.",
            why: "It is laid over `proxy.paginate`. Where neither says where the next page is, or where its cursor goes, only the first page would ever be read; a bool alone says whether there is another page, and not where.",
            fails: none!("    keyway: {paginate: {more: has_more}}\n"),
            mended: none!(
                "    keyway: {paginate: {last_item: id, cursor_name_in_request: starting_after, more: has_more}}\n"
            ),
        },
    ),
    (
        &ERROR_ANSWER,
        Page {
            checks: "Checks for an answer under `keyway.errors` that nothing in its body tells from another, or that counts as no error.",
            why: "A status alone stands under `proxy.retry.error_code`. An answer that is an error by its status, and counts as nothing else, is treated as it would be anyway; one that counts as 429 or 503 where `proxy.retry.error_code` leaves that out is never tried again.",
            fails: none!("    keyway: {errors: [{counts_as: 429}]}\n"),
            mended: none!("    keyway: {errors: [{when: {error.code: maxlag}, counts_as: 429}]}\n"),
        },
    ),
];
