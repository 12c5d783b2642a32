//! One header under two spellings.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, headers, members};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0404", "repeated-header"),
    page: Page {
        checks: "Checks for two headers of one map whose names differ only in capitals.",
        why: "Header names have no case (RFC 9110 section 5.1): the later one replaces the earlier one, which is never sent.",
        fails: acme!(
            "    auth_mode: TWO_STEP
    token_url: https://api.acme.example/login
    token_response: {token: token, token_expiration: expires}
    token_params: {key: '${credentials.key}'}
    token_headers: {Accept: text/plain, accept: application/json}
    credentials: {key: {type: string, title: Key, description: Made in the settings., secret: true}}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
        mended: acme!(
            "    auth_mode: TWO_STEP
    token_url: https://api.acme.example/login
    token_response: {token: token, token_expiration: expires}
    token_params: {key: '${credentials.key}'}
    token_headers: {accept: application/json}
    credentials: {key: {type: string, title: Key, description: Made in the settings., secret: true}}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for map in headers(subject) {
        let all = members(&map.path, map.node.as_mapping());
        for (index, header) in all.iter().enumerate() {
            let before = all.iter().take(index).find(|other| other.name().eq_ignore_ascii_case(header.name()));
            let Some(before) = before else { continue };
            let span = |header: &super::support::subject::Located<'_>| header.key.unwrap_or(header.node.span);
            report.spanned(&header.path, span(header), format!("`{}` stands here twice", header.name()), |found| {
                let found = found.label("this one is sent").secondary(span(before), "this one is not");
                found.help("leave one of them, in lower case")
            });
        }
    }
}
