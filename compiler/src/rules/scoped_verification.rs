//! A probe of a resource that not every credential may read.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0393", "scoped-verification"),
    page: Page {
        checks: "Checks for a `proxy.verification` that asks for a collection of resources, also for one inside an account.",
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

/// Common path names of a credential's owner, of the credential itself, or of the service: singular words, and those
/// plurals that mean one's own (`/accounts` lists those that the credential belongs to).
const COMMON: &str = "me self myself my mine own whoami current user users userinfo account accounts member profile \
     profiles identity organization organizations organisation org orgs company workspace workspaces team \
     teams tenant tenants store shop merchant owner person principal ping health healthcheck healthz heartbeat alive \
     status hello echo about server serverinfo version info verify validate validation check test auth authentication \
     authenticate authenticated authorize authorized authorization login session token tokens key keys jwks credential \
     credentials apikey apikeys permissions scopes settings config configuration license licence plan subscription \
     quota quotas usage credit credits balance limits introspect mcp graphql models";

/// Words that say nothing about the resource: how it is read, and in which format.
const NEUTRAL: &str = "api rest get list all read fetch show count json xml html php \
     summary details index";

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
        found.label("a key without a right to this is taken for an invalid one").help(
            "ask for the credential's own user, account or organization, or for the API's status; if the API has \
                 no such endpoint, say so: `keyway: {allow: {scoped-verification: why}}`",
        )
    });
}

/// True if what the path asks for, its last part, is one of the common words in any spelling: `/me`, `/getMe`,
/// `/auth.test`. A part that only says which version or format of it is passed over; a template or `/` says nothing.
fn is_common(endpoint: &str) -> bool {
    let (path, query) = endpoint.split_once('?').unwrap_or((endpoint, ""));
    // What a schema holds is no data of anyone.
    if query.contains("__schema") || query.contains("__typename") {
        return true;
    }
    let parts = path.split('/').map(words);
    let mut telling = parts.rev().filter(|part| !part.is_empty());
    let Some(last) = telling.next() else { return true };
    let is_known = |word: &String| is_of(COMMON, word) || ends_in_common(word);
    let mut all = last.iter().chain(telling.next().iter().flatten()).cloned().collect::<Vec<_>>();
    all.dedup();
    let is_about = path.split('/').flat_map(words).any(|word| matches!(word.as_str(), "settings" | "auth"));
    (is_about || last.iter().any(is_known)) && !all.iter().any(|word| ADMINISTRATIVE.contains(&word.as_str()))
}

/// The words of a part of a path, lower case, without those that say nothing.
fn words(part: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    if part.contains("${") {
        return words;
    }
    let mut before = ' ';
    for letter in part.chars() {
        let starts = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
        if words.is_empty() || starts || !before.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_ascii_alphanumeric()) {
            word.push(letter.to_ascii_lowercase());
        }
        before = letter;
    }
    let is_number = |word: &str| word.trim_start_matches('v').bytes().all(|byte| byte.is_ascii_digit());
    // `ping2` is the second one of its kind.
    let words = words.iter().map(|word| word.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned());
    words.filter(|word| !is_number(word) && !is_of(NEUTRAL, word)).collect()
}

/// `superuser`, `subaccounts`; a word that merely ends in the same letters is none.
fn ends_in_common(word: &str) -> bool {
    const ENDS: [&str; 8] = ["user", "users", "account", "accounts", "profile", "whoami", "info", "status"];
    ENDS.iter().any(|end| word.ends_with(end))
}

fn is_of(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::is_common;

    #[test]
    fn what_every_credential_may_read_is_told_from_resources() {
        for endpoint in [
            "/me",
            "/v1/user",
            "/api/v3/myself",
            "/auth.test",
            "/api/currentUser",
            "/graphql",
            "/",
            "/oauth2/userinfo",
            // The service, the key itself and the account that it belongs to.
            "/server",
            "/api/v2/server.json",
            "/authentication",
            "/store",
            "/admin/api/2026-01/shop.json",
            "/w/authorize",
            "/v1/api_credentials",
            "/v2/credits/balance/",
            "/getMe",
            "/1.0/users/ping2",
            "/api/graphql.json",
            "/v1?query=%7B__schema%7Btypes%7Bname%7D%7D%7D",
            "/users/list",
            "/scim/v2/Users?count=1",
            "/v1/accounts/${connectionConfig.account}",
            "apiKey.info",
            // What a model can be asked of is the service's, and the same for every key.
            "/v1/models",
            "/v1beta/models?pageSize=1",
        ] {
            assert!(is_common(endpoint), "{endpoint}");
        }
        for endpoint in [
            "/v1/invoices",
            "/contacts?limit=1",
            "/admin/roles",
            "/user/events",
            // What the account holds, not the account.
            "/v1/accounts/${connectionConfig.account}/tickets",
            "/me/messages",
            "/organizations/1/projects",
            "/company/contacts.json",
            "/listContacts",
            "/v1/latest",
            "/stores/items",
            "/v1/models/1/predictions",
        ] {
            assert!(!is_common(endpoint), "{endpoint}");
        }
    }
}
