//! A token whose expiry is unknown.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0371", "unknown-expiry"),
    page: Page {
        checks: "Checks for a `TWO_STEP` login that says neither where its answer holds the expiry nor how long a token lives.",
        why: "A token is renewed before it dies only if its expiry is known. Where the answer and the entry \
              do not say it, only a token that is a JWT does, in `exp`; else the first sign is a refused call. A \
              token that lives for ever is `token_expires_in_ms: 0`.",
        fails: acme!(
            "    auth_mode: TWO_STEP
    credentials:
        username: {type: string, title: User, description: Who signs in.}
        password: {type: string, title: Password, description: What they know., secret: true}
    token_url: https://api.acme.example/login
    token_params: {user: '${credentials.username}', password: '${credentials.password}'}
    token_response: {token: token}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
        mended: acme!(
            "    auth_mode: TWO_STEP
    credentials:
        username: {type: string, title: User, description: Who signs in.}
        password: {type: string, title: Password, description: What they know., secret: true}
    token_url: https://api.acme.example/login
    token_params: {user: '${credentials.username}', password: '${credentials.password}'}
    token_response: {token: token}
    token_expires_in_ms: 3600000
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let told = ["token_expires_in_ms", "token_response.token_expiration"].iter().any(|path| subject.has(path));
    if subject.mode != Mode::TwoStep || told {
        return;
    }
    report.spanned(&[], subject.entry.key.span, "nothing says when a token dies", |found| {
        found
            .label("neither `token_response.token_expiration` nor `token_expires_in_ms`")
            .help("add one of them; `token_expires_in_ms: 0` is a token that lives for ever")
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn either_is_enough() {
        let login = "    auth_mode: TWO_STEP\n    token_url: https://api.acme.example/login\n";
        let of = |keys: &str| acme(&format!("{login}{keys}"));
        check("unknown-expiry", &of("    token_response: {token: t}\n"), &["1:1 nothing says when a token dies"]);
        check("unknown-expiry", &of("    token_response: {token: t}\n    token_expires_in_ms: 0\n"), &[]);
        let told = "    token_response: {token: t, token_expiration: e, token_expiration_strategy: expireIn}\n";
        check("unknown-expiry", &of(told), &[]);
    }
}
