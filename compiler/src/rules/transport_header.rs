//! A header that is not the entry's to set.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::keys::is_literal;
use super::support::subject::{Subject, headers, members};
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use keyway_format::header::is_reserved;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0403", "transport-header"),
    page: Page {
        checks: "Checks for a header that the transport writes (`host`, `content-length`) or that concerns one connection only.",
        why: "The transport knows the host, the length and the connection; a value from the entry contradicts it, and HTTP/2 has no such headers (RFC \
              9113 section 8.2.2). They often come along with what a browser or an API client exports. In the headers of a \
              verification it is an error: the call is refused before it is sent.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}', connection: keep-alive}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for map in headers(subject) {
        for header in members(&map.path, map.node.as_mapping()) {
            let name = header.name();
            if !is_reserved(name) {
                continue;
            }
            let span = header.key.unwrap_or(header.node.span);
            report.spanned(&header.path, span, format!("`{name}` is not the entry's to set"), |found| {
                let found = fixes::removing(found.label("the transport sets it").help("remove it"), &header);
                if is_literal(map) { Diagnostic { severity: Severity::Error, ..found } } else { found }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, acme, check};

    #[test]
    fn every_map_of_headers_is_looked_at() {
        let probe = format!("{CLEAN}            headers: {{host: api.acme.example}}\n");
        check("transport-header", &probe, &["13:23 `host` is not the entry's to set"]);
        let login = acme(
            "    auth_mode: TWO_STEP\n    token_url: https://a.example\n    token_response: {token: t}\n    token_headers: {Content-Length: '12', accept: text/plain}\n    additional_steps: [{token_url: 'https://a.example', token_headers: {TE: trailers}}]\n",
        );
        check(
            "transport-header",
            &login,
            &["8:21 `Content-Length` is not the entry's to set", "9:73 `TE` is not the entry's to set"],
        );
    }
}
