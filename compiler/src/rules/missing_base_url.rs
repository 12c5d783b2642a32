//! An entry that nothing can be sent to.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0320", "missing-base-url"),
    page: Page {
        checks: "Checks for an entry without `proxy.base_url`.",
        why: "Without it the API is reached only by callers who pass a base URL of their own, and only to hosts that the operator \
              lists. Almost every API has one address, or one that depends on the account.",
        fails: acme!(
            "    auth_mode: NONE
"
        ),
        mended: acme!(
            "    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    // That a `proxy` lacks its `base_url` is an error of its shape.
    if subject.has("proxy") || subject.mode == Mode::McpOAuth2Generic {
        return;
    }
    let key = subject.entry.key.span;
    report.spanned(&[], key, format!("`{}` has no `proxy.base_url`", subject.entry.key.name), |found| {
        found.label("nothing says where the API is").help("add `proxy: {base_url: https://...}`")
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn modes_that_find_their_server_by_themselves_need_none() {
        check("missing-base-url", &acme("    auth_mode: MCP_OAUTH2_GENERIC\n"), &[]);
        check("missing-base-url", &acme("    auth_mode: NONE\n"), &["1:1 `acme` has no `proxy.base_url`"]);
    }
}
