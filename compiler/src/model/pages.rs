//! The pages of this stage's rules.
//!
//! A test executes the examples.

use super::kit::findings::{
    AUTH_MODE_SHAPE, AUTH_MODE_UNKNOWN, AUTH_MODE_UNSUPPORTED, DEAD_KEY, HEADER_CASE, INVALID_FIELD_NAME,
    INVALID_HEADER_NAME, INVALID_HEADER_VALUE, INVALID_PROVIDER_KEY, INVALID_VALUE, MISPLACED_KEY, MISSING_KEY,
    UNKNOWN_ENUM_VALUE, UNKNOWN_KEY, WRONG_TYPE,
};
use crate::diagnostic::{Page, Rule, acme};

const NONE: &str = acme!("    auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n");

/// An entry of the mode `NONE` with these keys in its `proxy`.
macro_rules! proxy {
    ($rest:literal) => {
        acme!("    auth_mode: NONE\n    proxy:\n        base_url: https://api.acme.example\n", $rest)
    };
}

/// An entry that asks for one field.
macro_rules! field {
    ($rest:literal) => {
        acme!(
            "    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.example/${connectionConfig.team}'}
    connection_config:
",
            $rest
        )
    };
}

/// Every rule of this stage with its page.
pub static PAGES: [(&Rule, Page); 15] = [
    (
        &UNKNOWN_KEY,
        Page {
            checks: "Checks for a key that the format does not have at its place.",
            why: "Nothing reads it, so what it says does not happen. Usually it is misspelled.",
            fails: proxy!("        retries: {after: retry-after}\n"),
            mended: proxy!("        retry: {after: retry-after}\n"),
        },
    ),
    (
        &MISPLACED_KEY,
        Page {
            checks: "Checks for a key of the format at a place that does not have it.",
            why: "Nothing reads it there. A key that belongs into `proxy` is easily written beside it.",
            fails: acme!(
                "    auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n    paginate: {type: link, link_rel_in_response_header: next}\n"
            ),
            mended: proxy!("        paginate: {type: link, link_rel_in_response_header: next}\n"),
        },
    ),
    (
        &WRONG_TYPE,
        Page {
            checks: "Checks for a value of another type than its key has.",
            why: "A number where a text is wanted is a different value in every reader: `1.10` becomes `1.1`. Quotes make a text of it.",
            fails: proxy!("        headers: {acme-version: 1.10}\n"),
            mended: proxy!("        headers: {acme-version: '1.10'}\n"),
        },
    ),
    (
        &UNKNOWN_ENUM_VALUE,
        Page {
            checks: "Checks for a word that is not among those its key may have.",
            why: "Such a key chooses between ways to behave, and there is no way of that name. `keyway explain KEY` lists the words.",
            fails: proxy!("        paginate: {type: links, link_rel_in_response_header: next}\n"),
            mended: proxy!("        paginate: {type: link, link_rel_in_response_header: next}\n"),
        },
    ),
    (
        &MISSING_KEY,
        Page {
            checks: "Checks for a key that its map must have.",
            why: "Without it there is nothing to fall back on: a form cannot show a field without a title.",
            fails: field!("        team: {type: string, title: Team}\n"),
            mended: field!("        team: {type: string, title: Team, description: The team's name.}\n"),
        },
    ),
    (
        &AUTH_MODE_SHAPE,
        Page {
            checks: "Checks for a key that the auth mode requires and the entry lacks.",
            why: "The mode cannot be carried out: a code cannot be exchanged without a token endpoint.",
            fails: acme!(
                "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
"
            ),
            mended: acme!(
                "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
"
            ),
        },
    ),
    (
        &AUTH_MODE_UNKNOWN,
        Page {
            checks: "Checks for an auth mode that does not exist.",
            why: "The mode decides how to sign in and which keys are read, so nothing else of the entry can be used without it.",
            fails: acme!("    auth_mode: OAUTH_CC\n    proxy: {base_url: 'https://api.acme.example'}\n"),
            mended: NONE,
        },
    ),
    (
        &AUTH_MODE_UNSUPPORTED,
        Page {
            checks: "Checks for an auth mode that the format once had.",
            why: "No API uses it any more, and it is not carried out. The help names the mode that took its place.",
            fails: acme!("    auth_mode: APP_STORE\n    proxy: {base_url: 'https://api.acme.example'}\n"),
            mended: NONE,
        },
    ),
    (
        &DEAD_KEY,
        Page {
            checks: "Checks for a key that nothing reads: one of another auth mode, or one that never had an effect.",
            why: "It looks as if it did something. Where an alias inherits it, it cannot be dropped, and the finding is a note.",
            fails: acme!(
                "    auth_mode: NONE\n    token_url: https://acme.example/token\n    proxy: {base_url: 'https://api.acme.example'}\n"
            ),
            mended: NONE,
        },
    ),
    (
        &INVALID_PROVIDER_KEY,
        Page {
            checks: "Checks for a provider's key with other characters than lower-case letters, digits and hyphens.",
            why: "The key stands in URLs, in file names and, with `_` for `-`, in Rust code.",
            fails: "Acme_API:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.example'}
",
            mended: NONE,
        },
    ),
    (
        &INVALID_FIELD_NAME,
        Page {
            checks: "Checks for the name of a field with characters that templates cannot name.",
            why: "`${connectionConfig.team}` is read up to the first character that no name has. Names of `connection_config` and \
                  `integration_config` consist of letters, `_`, `.` and `-`; those of `credentials` and `assertion_option` of letters and `_`.",
            fails: acme!(
                "    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.example', headers: {x-team: '${connectionConfig.team1}'}}
    connection_config:
        team1: {type: string, title: Team, description: The team's name.}
"
            ),
            mended: acme!(
                "    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.example', headers: {x-team: '${connectionConfig.team}'}}
    connection_config:
        team: {type: string, title: Team, description: The team's name.}
"
            ),
        },
    ),
    (
        &HEADER_CASE,
        Page {
            checks: "Checks for a header name of `proxy` in capitals.",
            why: "Header names have no case (RFC 9110 section 5.1), but maps of them do: written in one case, a caller's header and the entry's \
                  are seen to be the same.",
            fails: proxy!("        headers: {Acme-Version: '2'}\n"),
            mended: proxy!("        headers: {acme-version: '2'}\n"),
        },
    ),
    (
        &INVALID_HEADER_NAME,
        Page {
            checks: "Checks for a header name that no request can have.",
            why: "A header name is a token (RFC 9110 section 5.1): no spaces, no colon. No client sends anything else.",
            fails: proxy!("        headers: {'acme version:': '2'}\n"),
            mended: proxy!("        headers: {acme-version: '2'}\n"),
        },
    ),
    (
        &INVALID_HEADER_VALUE,
        Page {
            checks: "Checks for a header value with a line break or another control character.",
            why: "A line break ends the header and begins another one (RFC 9110 section 5.5); no client sends it.",
            fails: proxy!("        headers: {acme-version: \"2\\n\"}\n"),
            mended: proxy!("        headers: {acme-version: '2'}\n"),
        },
    ),
    (
        &INVALID_VALUE,
        Page {
            checks: "Checks for a text that does not have the form its key wants, such as a status or a number of seconds.",
            why: "It cannot be read as what it stands for, so it would never apply.",
            fails: proxy!("        retry: {after: retry-after, error_code: ['4xx', server errors]}\n"),
            mended: proxy!("        retry: {after: retry-after, error_code: ['4xx', '5xx']}\n"),
        },
    ),
];
