//! A probe that succeeds without a credential.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0394", "trivial-verification"),
    page: Page {
        checks: "Checks for a `proxy.verification` that asks for the root of the API, or for its health.",
        why: "Such an endpoint answers without a credential. The connection looks good until the first real call.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/]}
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
    const PUBLIC: [&str; 6] = ["health", "healthcheck", "healthz", "status", "ping", "version"];
    let Some(place) =
        subject.get("proxy.verification.endpoints").or_else(|| subject.get("proxy.verification.endpoint"))
    else {
        return;
    };
    // A base URL with a path of its own may end in something worth asking.
    let base = subject.text("proxy.verification.base_url_override").or_else(|| subject.text("proxy.base_url"));
    let bare = urls::path(base.unwrap_or_default()).trim_matches('/').is_empty();
    let trivial = |text: &str| {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let path = path.trim_matches('/');
        // Where everything is asked at one place, parameters say what: `/?action=me`.
        path.is_empty() && bare && query.is_empty() || PUBLIC.contains(&path)
    };
    let texts: Vec<&str> = match place.node.as_sequence() {
        Some(list) => list.iter().filter_map(|node| node.as_str()).collect(),
        None => place.node.as_str().into_iter().collect(),
    };
    if let Some(text) = texts.into_iter().find(|text| trivial(text)) {
        report.at(&place, format!("`{text}` may answer without a credential"), |found| {
            found.label("proves nothing").help("ask for something that needs the credential, such as its own user")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn what_answers_everyone_is_told_from_what_has_to_know_who_asks() {
        for (base, endpoint, expected) in [
            ("https://api.acme.example", "/", true),
            ("https://api.acme.example", "''", true),
            ("https://api.acme.example", "/ping", true),
            // Below a version it is an operation of the API, which mostly asks for the credential.
            ("https://api.acme.example", "/v1/ping", false),
            ("https://api.acme.example/v1", "/status?verbose=1", true),
            ("https://api.acme.example", "/?action=me", false),
            ("https://api.acme.example", "'?method=account.get'", false),
            ("https://api.acme.example/me", "/", false),
            ("https://api.acme.example", "/orders/status", false),
            ("https://api.acme.example", "/config/server/version", false),
            ("https://api.acme.example", "/v1/versions", false),
        ] {
            let entry = CLEAN.replace("https://api.acme.example", base).replace("[/me]", &format!("[{endpoint}]"));
            assert_eq!(found("trivial-verification", &entry).len(), usize::from(expected), "{base} {endpoint}");
        }
    }
}
