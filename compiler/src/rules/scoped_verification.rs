//! A probe of a resource that not every credential may read.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0393", "scoped-verification"),
    page: Page {
        checks: "Checks for a `proxy.verification` that asks for a collection of resources, or brings parameters along.",
        why: "The probe asks whether a credential is valid. A list of contacts or invoices also asks whether it may read contacts: a valid key \
              without that right is refused. Ask for what every credential has: its user, account or organization.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/v1/invoices]}
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

/// Common path names of a credential's owner, of the credential itself, or of a health check.
const COMMON: [&str; 40] = [
    "me",
    "self",
    "myself",
    "whoami",
    "current",
    "user",
    "users",
    "userinfo",
    "account",
    "accounts",
    "profile",
    "identity",
    "organization",
    "organizations",
    "org",
    "orgs",
    "company",
    "workspace",
    "workspaces",
    "team",
    "teams",
    "tenant",
    "tenants",
    "ping",
    "health",
    "status",
    "verify",
    "validate",
    "check",
    "test",
    "auth",
    "token",
    "tokens",
    "key",
    "keys",
    "session",
    "permissions",
    "info",
    "version",
    "settings",
];

/// Singular resources that sound like one of them and belong to administrators.
const ADMINISTRATIVE: [&str; 4] = ["role", "roles", "logs", "events"];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let Some(probe) = subject.get("proxy.verification") else { return };
    let endpoints = ["endpoints", "endpoint"].iter().find_map(|key| subject.get(&format!("proxy.verification.{key}")));
    let Some(place) = endpoints.filter(|_| probe.node.as_mapping().is_some()) else { return };
    let texts: Vec<&str> = match place.node.as_sequence() {
        Some(list) => list.iter().filter_map(|node| node.as_str()).collect(),
        None => place.node.as_str().into_iter().collect(),
    };
    // One endpoint that every credential may read is enough: they are tried in turn.
    if texts.is_empty() || texts.iter().any(|text| is_common(text)) {
        return;
    }
    let shown = texts.first().copied().unwrap_or_default();
    report.at(&place, format!("`{shown}` may ask for more than a valid credential"), |found| {
        found
            .label("a key without a right to this is taken for an invalid one")
            .help("ask for the credential's own user, account or organization, or for the API's status")
    });
}

/// True if some part of the path is one of the common words, spelled in any way. A template or `/` says nothing.
fn is_common(endpoint: &str) -> bool {
    let path = endpoint.split('?').next().unwrap_or_default();
    let parts = path.split(['/', '.', '-', '_', ':']).map(str::to_ascii_lowercase);
    let words: Vec<String> = parts.filter(|word| !word.is_empty() && !word.starts_with("${")).collect();
    let known = |word: &String| {
        COMMON.contains(&word.as_str()) || COMMON.iter().any(|common| common.len() >= 4 && word.ends_with(common))
    };
    words.is_empty()
        || path.ends_with("graphql")
        || (words.iter().any(known) && !words.iter().any(|word| ADMINISTRATIVE.contains(&word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::is_common;

    #[test]
    fn what_every_credential_may_read_is_told_from_resources() {
        for endpoint in
            ["/me", "/v1/user", "/api/v3/myself", "/auth.test", "/api/currentUser", "/graphql", "/", "/oauth2/userinfo"]
        {
            assert!(is_common(endpoint), "{endpoint}");
        }
        for endpoint in ["/v1/invoices", "/contacts?limit=1", "/admin/roles", "/user/events"] {
            assert!(!is_common(endpoint), "{endpoint}");
        }
    }
}
