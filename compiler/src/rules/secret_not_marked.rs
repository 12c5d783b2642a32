//! A secret that may be shown.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::{Fix, Rule};
use crate::syntax::Value;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0353", "secret-not-marked"),
    page: Page {
        checks: "Checks for a field that is a secret by its name or title and is not marked as one.",
        why: "`secret: true` hides the value in forms, and keeps it out of listings and logs. The standard \
              credentials of a mode are secrets by themselves; what an entry adds, only the entry knows.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}', x-tenant: '${connectionConfig.tenantSecret}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        tenantSecret: {type: string, title: Tenant secret, description: It., example: s}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}', x-tenant: '${connectionConfig.tenantSecret}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        tenantSecret: {type: string, title: Tenant secret, description: It., example: s, secret: true}
"
        ),
    },
    check: Check::Entry(check),
};

/// Words that make a name one of a secret, and words that take that back.
const SECRET: [&str; 12] = [
    "secret",
    "password",
    "passphrase",
    "privatekey",
    "apikey",
    "accesskey",
    "clientkey",
    "signingkey",
    "token",
    "passcode",
    "passwd",
    "pwd",
];
const HARMLESS: [&str; 19] = [
    "label", "url", "id", "name", "type", "expir", "endpoint", "public", "prefix", "version", "host", "hostname",
    "domain", "address", "audience", "scope", "scopes", "lifetime", "method",
];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for map in ["connection_config", "credentials", "integration_config"] {
        for field in subject.members(map) {
            let Some(keys) = field.node.as_mapping() else { continue };
            let flag = |name: &str| keys.get(name).is_some_and(|entry| entry.value.value == Value::Bool(true));
            let standard = map == "credentials" && subject.mode.facts().stored.contains(&field.name());
            let kept = flag("secret") || flag("automated") || flag("hidden");
            let title = keys.get("title").and_then(|entry| entry.value.as_str()).unwrap_or_default();
            // A title says it where the name does not: `username` titled `API Key`, `code` titled `Client Secret`.
            // Beside a secret of the same pair, a key is what names it.
            let names_pair = standard
                && field.name() == "username"
                && is_key(title)
                && title_of_password(subject).contains("secret");
            let relabelled = !names_pair
                && (!standard || matches!(field.name(), "username" | "client_id"))
                && is_secret(title)
                && !is_harmless(field.name());
            if kept
                || keys.get("enum").is_some()
                || (standard && !relabelled)
                || !(relabelled || is_secret(field.name()))
            {
                continue;
            }
            let message = format!("`{}` looks like a secret and is not marked as one", field.name());
            let span = field.key.unwrap_or(field.node.span);
            report.spanned(&field.path, span, message, |found| {
                let found = found.label("may be shown in forms, listings and logs").help("add `secret: true`");
                match keys.get("secret") {
                    Some(said) => found.fix(Fix::write(said.value.span, "true")),
                    None => fixes::adding(found, &field, "secret: true"),
                }
            });
        }
    }
}

/// True if a title is that of a key, which may stand for a user's name.
fn is_key(title: &str) -> bool {
    let plain: String = title.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    ["apikey", "accesskey", "clientkey", "key"].contains(&plain.as_str())
}

/// The title of the password of a pair, in small letters.
fn title_of_password(subject: &Subject<'_>) -> String {
    subject.text("credentials.password.title").unwrap_or_default().to_ascii_lowercase()
}

fn is_secret(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    SECRET.iter().any(|word| plain.contains(word)) && !is_harmless(&plain)
}

/// True if a name is about a secret, and not one.
fn is_harmless(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // The identifier of a client is the credential's other half where it is relabelled.
    !matches!(name.as_str(), "client_id" | "username") && HARMLESS.iter().any(|word| name.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::is_secret;
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn a_title_says_it_where_the_name_does_not() {
        for (map, name, title, expected) in [
            ("credentials", "username", "API Token", 1),
            ("credentials", "code", "Client Secret", 1),
            ("connection_config", "x", "Client Secret", 1),
            ("connection_config", "partner", "Partner API Key", 1),
            ("integration_config", "keyLabel", "Label of the API Key (in forms)", 0),
            ("connection_config", "x", "Token URL", 0),
            ("connection_config", "x", "API Key ID", 0),
            ("connection_config", "x", "Team", 0),
            ("connection_config", "tokenDomain", "Token host", 0),
            ("connection_config", "x", "Address of the API key service's host", 0),
            ("connection_config", "x", "Token audience", 0),
        ] {
            let field = format!("    {map}: {{{name}: {{type: string, title: {title}, description: D.}}}}\n");
            let entry = if name == "username" { CLEAN.replace("API_KEY", "BASIC") } else { CLEAN.to_owned() };
            assert_eq!(found("secret-not-marked", &format!("{entry}{field}")).len(), expected, "{map} {name} {title}");
        }
    }

    #[test]
    fn a_key_beside_its_secret_is_what_names_it() {
        for (username, password, expected) in [
            ("API Key", "API Secret", 0),
            ("API Key", "Password", 1),
            ("API Token", "API Secret", 1),
            ("Key", "Secret", 0),
        ] {
            let field = |name: &str, title: &str| format!("{name}: {{type: string, title: {title}, description: D.}}");
            let fields = format!("{}, {}", field("username", username), field("password", password));
            let entry = format!("{}    credentials: {{{fields}}}\n", CLEAN.replace("API_KEY", "BASIC"));
            assert_eq!(found("secret-not-marked", &entry).len(), expected, "{username} {password}");
        }
    }

    #[test]
    fn names_of_secrets_are_told_from_names_about_them() {
        for (name, expected) in [
            ("clientSecret", true),
            ("API Key", true),
            ("private_key", true),
            ("dbPasswd", true),
            ("admin_pwd", true),
            ("tokenUrl", false),
            ("tokenId", false),
            ("subdomain", false),
            ("secretName", false),
        ] {
            assert_eq!(is_secret(name), expected, "{name}");
        }
    }
}
