//! Rust names for what the format names: the only place that decides them.
//!
//! Names are stable (they depend on the entry alone, and adding a field behind others renames none) and checked to be
//! distinct where they share a scope. Nothing here looks at a catalogue as a whole but [`clashes`].

use std::collections::BTreeMap;

/// The module of a provider: `-` becomes `_`, a leading digit gets a `_` before it, a keyword one behind it.
pub fn module(key: &str) -> String {
    escape(&key.replace('-', "_"))
}

/// The marker type of a provider: each part capitalised. A name that generated code imports, or that every Rust file
/// knows, gets `Api` behind it.
pub fn marker(key: &str) -> String {
    let mut name = String::new();
    for part in key.split('-') {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    if IMPORTED.contains(&name.as_str()) || FAMILIAR.contains(&name.as_str()) {
        name.push_str("Api");
    }
    escape(&name)
}

/// Pairs of keys whose modules would have the same name, each with the earlier key first.
pub fn clashes<'k>(keys: impl IntoIterator<Item = &'k str>) -> Vec<(&'k str, &'k str)> {
    let mut modules: BTreeMap<String, &str> = BTreeMap::new();
    let mut clashes = Vec::new();
    for key in keys {
        match modules.get(&module(key)) {
            Some(first) => clashes.push((*first, key)),
            None => {
                modules.insert(module(key), key);
            }
        }
    }
    clashes
}

/// Hands out names that are distinct in one scope. Asked in the order of the file, it renames only latecomers.
#[derive(Debug)]
pub struct Scope {
    used: Vec<String>,
}

impl Scope {
    /// A scope in which some names are taken.
    pub fn new(taken: &[&str]) -> Scope {
        Scope { used: taken.iter().map(|name| (*name).to_owned()).collect() }
    }

    /// A struct field: `accountId` and `accounts-server` become `account_id` and `accounts_server`.
    pub fn field(&mut self, name: &str) -> String {
        self.allocate(&escape(&snake(name)))
    }

    /// A constant: `apiVersion` becomes `API_VERSION`.
    pub fn constant(&mut self, name: &str) -> String {
        self.allocate(&escape(&snake(name).to_ascii_uppercase()))
    }

    fn allocate(&mut self, base: &str) -> String {
        let mut name = base.to_owned();
        let mut count = 2;
        while self.used.contains(&name) {
            name = format!("{base}_{count}");
            count += 1;
        }
        self.used.push(name.clone());
        name
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut after_lower = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && after_lower {
            snake.push('_');
        }
        after_lower = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        snake.push(if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' });
    }
    let snake = snake.trim_matches('_');
    if snake.is_empty() { "field".to_owned() } else { snake.to_owned() }
}

/// Makes a word an identifier.
fn escape(word: &str) -> String {
    match word.chars().next() {
        None => "unnamed".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("_{word}"),
        Some(_) if KEYWORDS.contains(&word) => format!("{word}_"),
        Some(_) => word.to_owned(),
    }
}

/// Keywords of all editions, reserved ones included.
#[rustfmt::skip]
const KEYWORDS: [&str; 54] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match",
    "mod", "move", "mut", "override", "priv", "pub", "raw", "ref", "return", "safe", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where", "while",
];

/// Type names that a module may import.
#[rustfmt::skip]
pub(crate) const IMPORTED: [&str; 70] = [
    "App", "Assertion", "Auth", "Authorization", "Bill", "BodyFormat", "ClientAuth", "ClientCredentials",
    "ClientRegistration", "ConfigKey", "CredentialKey", "Custom", "DatePart", "Entry", "ExchangeQuirks", "Field",
    "Fields", "FollowUp", "Format", "Function", "GrantType", "HostSet", "Hosts",
    "InstallPlugin", "Jwt", "KeepRefreshToken", "KeyKind", "LoginRequest", "McpOAuth2", "NoConfig", "NoCredentials",
    "Node", "Now", "OAuth1", "OAuth2", "Offset", "OffsetCount", "Outbound", "Paginate", "PaginateKind",
    "Position", "Provider", "ProviderSpec", "Proxy", "Quirks", "Reference", "RefreshWhen", "RequestQuirks",
    "ResponseQuirks", "Retry", "RetryInBody", "RetryStrategy", "Root", "Saml", "Scripts", "SecondToken", "Secret",
    "Signature", "SignatureMethod", "SplitCredential", "StatusRange", "Template", "TokenEndpoint", "TokenResponse",
    "TwoStep", "Unit", "Value", "Verification", "VisibleWhen", "Webhooks",
];

/// A module's own type names, and those of the prelude.
#[rustfmt::skip]
const FAMILIAR: [&str; 43] = [
    "AsMut", "AsRef", "Box", "Clone", "Config", "Copy", "Credentials", "Debug", "Default", "DoubleEndedIterator",
    "Drop", "Eq", "Err", "ExactSizeIterator", "Extend", "Fn", "FnMut", "FnOnce", "From", "FromIterator", "Hash",
    "Into", "IntoIterator", "Iterator", "None", "Ok", "Option", "Ord", "PartialEq", "PartialOrd", "Result", "Self",
    "Send", "Sized", "Some", "String", "Sync", "ToOwned", "ToString", "TryFrom", "TryInto", "Unpin", "Vec",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_get_modules_and_marker_types() {
        for (key, expected_module, expected_marker) in [
            ("github", "github", "Github"),
            ("google-calendar-mcp", "google_calendar_mcp", "GoogleCalendarMcp"),
            ("1password-events", "_1password_events", "_1passwordEvents"),
            ("8x8", "_8x8", "_8x8"),
            ("box", "box_", "BoxApi"),
            ("custom", "custom", "CustomApi"),
            ("template", "template", "TemplateApi"),
            ("self", "self_", "SelfApi"),
            ("", "unnamed", "unnamed"),
        ] {
            assert_eq!((module(key).as_str(), marker(key).as_str()), (expected_module, expected_marker), "{key}");
        }
    }

    #[test]
    fn fields_get_distinct_names() {
        let mut scope = Scope::new(&["SPEC"]);
        let fields =
            ["accountId", "account_id", "accounts-server", "installation.uuid", "type", "URL", "-", "oauth2Url"];
        assert_eq!(
            fields.map(|name| scope.field(name)),
            [
                "account_id",
                "account_id_2",
                "accounts_server",
                "installation_uuid",
                "type_",
                "url",
                "field",
                "oauth2_url"
            ]
        );
        assert_eq!(["apiVersion", "spec", "type"].map(|name| scope.constant(name)), ["API_VERSION", "SPEC_2", "TYPE"]);
    }

    #[test]
    fn modules_that_would_clash_are_found() {
        assert_eq!(clashes(["box", "box-", "a-b"]), [("box", "box-")]);
    }
}
