//! Which names each list of an entry may give, so that names of two lists never meet.
//!
//! An entry does not say which of two fields in different lists is older, so no order could keep the older one's name.
//! Instead the names of a module are divided: what one list may call something, the other never does. A name then
//! depends on its own list alone, and there on what stands before it.

use super::scope::{camel, constant, escape, snake};

/// A list of fields. The names that its auth mode knows belong to credentials, and so does what begins as they do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Space<'m> {
    /// `connection_config`: all names but those of credentials; a field with one of these gets `Config` before it.
    Config(&'m [&'static str]),
    /// `credentials`: what the mode calls a credential is called so, all others get `Credential` before them.
    Credentials(&'m [&'static str]),
}

impl<'m> Space<'m> {
    /// The constant of a field that may be left out, where nothing else in its list has that name.
    pub(super) fn constant(self, name: &str) -> String {
        let plain = constant(name);
        let prefixed = |prefix: &str| format!("{prefix}_{}", snake(name).to_ascii_uppercase());
        match self {
            Space::Credentials(standard) if standard.contains(&name) => plain,
            Space::Credentials(_) => prefixed("CREDENTIAL"),
            Space::Config(standard) => {
                let is_standard = standard.iter().any(|known| constant(known) == plain);
                // Without anything after it too: a number may come there.
                let begins_so = plain == "CREDENTIAL" || plain.starts_with("CREDENTIAL_");
                if is_standard || begins_so { prefixed("CONFIG") } else { plain }
            }
        }
    }

    /// The enum of a field, where nothing else has that name.
    pub(super) fn choice(self, name: &str) -> String {
        let plain = camel(name);
        match self {
            Space::Credentials(_) => format!("Credential{plain}"),
            Space::Config(_) => {
                let begins_so = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_lowercase());
                let is_taken = plain.strip_prefix("Credential").is_some_and(begins_so);
                if is_taken { format!("Config{plain}") } else { escape(&plain) }
            }
        }
    }

    /// The names that struct fields of this list have without being asked for.
    pub(super) fn standard(self) -> &'m [&'static str] {
        match self {
            Space::Config(_) => &[],
            Space::Credentials(standard) => standard,
        }
    }
}

/// Scopes that mean the same everywhere: OpenID Connect Core sections 3.1.2.1, 5.4 and 11. They have one constant,
/// whichever list they stand in.
const STANDARD_SCOPES: [&str; 6] = ["openid", "profile", "email", "address", "phone", "offline_access"];

/// True if a scope is called the same in both lists.
pub(super) fn is_standard_scope(scope: &str) -> bool {
    STANDARD_SCOPES.contains(&scope)
}

/// The constant of a scope under `keyway.scopes`, where no other listed one has that name.
pub(super) fn listed_scope(scope: &str) -> String {
    let plain = constant(end(scope));
    let of_others = STANDARD_SCOPES.iter().any(|standard| constant(standard) == plain)
        || plain == "DEFAULT"
        || plain.starts_with("DEFAULT_");
    if is_standard_scope(scope) || !of_others { plain } else { prefixed("LISTED", scope) }
}

/// The constant of a default scope, where no other default one has that name.
pub(super) fn default_scope(scope: &str) -> String {
    if is_standard_scope(scope) { constant(scope) } else { prefixed("DEFAULT", scope) }
}

fn prefixed(prefix: &str, scope: &str) -> String {
    format!("{prefix}_{}", snake(end(scope)).to_ascii_uppercase())
}

/// The end of the path of a scope that is a URL; any other is its own.
pub(super) fn end(scope: &str) -> &str {
    scope.split_once("://").map_or(scope, |(_, rest)| {
        let rest = rest.trim_end_matches('/');
        rest.rsplit_once('/').map_or(rest, |(_, last)| last)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDARD: &[&str] = &["username", "password", "client_id"];

    #[test]
    fn each_list_of_fields_has_names_of_its_own() {
        for (name, config, credential) in [
            ("region", "REGION Region", "CREDENTIAL_REGION CredentialRegion"),
            ("password", "CONFIG_PASSWORD Password", "PASSWORD CredentialPassword"),
            ("Password", "CONFIG_PASSWORD Password", "CREDENTIAL_PASSWORD CredentialPassword"),
            ("clientId", "CONFIG_CLIENT_ID ClientId", "CREDENTIAL_CLIENT_ID CredentialClientId"),
            ("credential", "CONFIG_CREDENTIAL ConfigCredential", "CREDENTIAL_CREDENTIAL CredentialCredential"),
            (
                "credentialType",
                "CONFIG_CREDENTIAL_TYPE ConfigCredentialType",
                "CREDENTIAL_CREDENTIAL_TYPE CredentialCredentialType",
            ),
            ("credentials", "CREDENTIALS Credentials", "CREDENTIAL_CREDENTIALS CredentialCredentials"),
            ("2fa", "_2FA _2fa", "CREDENTIAL_2FA Credential2fa"),
            ("-", "UNNAMED Unnamed", "CREDENTIAL_UNNAMED CredentialUnnamed"),
        ] {
            let of = |space: Space| format!("{} {}", space.constant(name), space.choice(name));
            assert_eq!(
                (of(Space::Config(STANDARD)).as_str(), of(Space::Credentials(STANDARD)).as_str()),
                (config, credential),
                "{name}"
            );
        }
    }

    #[test]
    fn each_list_of_scopes_has_names_of_its_own() {
        for (scope, listed, default) in [
            ("read:user", "READ_USER", "DEFAULT_READ_USER"),
            ("offline_access", "OFFLINE_ACCESS", "OFFLINE_ACCESS"),
            ("offline.access", "LISTED_OFFLINE_ACCESS", "DEFAULT_OFFLINE_ACCESS"),
            (".default", "LISTED_DEFAULT", "DEFAULT_DEFAULT"),
            ("default:read", "LISTED_DEFAULT_READ", "DEFAULT_DEFAULT_READ"),
            ("https://acme.example/auth/drive.file", "DRIVE_FILE", "DEFAULT_DRIVE_FILE"),
            ("https://mail.acme.example/", "MAIL_ACME_EXAMPLE", "DEFAULT_MAIL_ACME_EXAMPLE"),
            ("https://acme.example/openid", "LISTED_OPENID", "DEFAULT_OPENID"),
        ] {
            assert_eq!((listed_scope(scope).as_str(), default_scope(scope).as_str()), (listed, default), "{scope}");
        }
    }
}
