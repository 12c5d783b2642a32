//! Writes the outcome of an exchange into its connection.
//!
//! The same for a first login, a finished flow and a renewal.

use super::{ConfigMap, Connection, Granted, RefreshState};
use crate::clock::Timestamp;
use crate::credentials::Token;
use crate::fields::{self, Trust};
use keyway_spec::{Field, ProviderSpec};

/// Puts a new token in the place of the old one, and adds what came with it. A refresh token that was not replaced
/// stays (RFC 6749 section 6). What the provider said about the account is taken where it fits the entry's own fields.
pub fn apply_grant(spec: &ProviderSpec, connection: &mut Connection, granted: Granted, now: Timestamp) {
    let Granted { token, obtained, metadata } = granted;
    let credentials = &mut connection.credentials;
    if let Some(token) = token {
        let old = credentials.token.take().and_then(|token| token.refresh);
        credentials.token = Some(Token { refresh: token.refresh.or(old), ..token });
    }
    credentials.obtained.extend(obtained);
    store_metadata(spec, connection, metadata);
    connection.refresh = RefreshState::succeeded(now);
    connection.updated_at = now;
}

/// Takes what the provider said about the account into the configuration, where it fits the entry's own fields.
pub fn store_metadata(spec: &ProviderSpec, connection: &mut Connection, said: ConfigMap) {
    connection.config = merge_metadata(spec, std::mem::take(&mut connection.config), said);
}

/// A configuration with what the provider said about the account.
pub(crate) fn merge_metadata(spec: &ProviderSpec, config: ConfigMap, said: ConfigMap) -> ConfigMap {
    let said = said.into_iter().filter(|(name, value)| fits(spec, name, value)).collect();
    merge(spec, config, said)
}

/// True if a value may become configuration. One that does not fit its field is left out: a token must not be lost over
/// it, and whatever needs the value will say that it is missing.
fn fits(spec: &ProviderSpec, name: &str, value: &str) -> bool {
    let field = spec.connection_config.iter().filter(|field| field.name == name);
    let said = ConfigMap::from([(name.to_owned(), value.to_owned())]);
    let fits = field.copied().all(|field| fields::validate(&[field], &said, Trust::Provider).is_ok());
    if !fits {
        tracing::warn!(
            target: "keyway::connection::accept",
            provider = spec.key,
            field = name,
            "the provider sent a value that does not fit the field"
        );
    }
    fits
}

/// The configuration of a connection: what the customer entered, completed by what the provider said.
///
/// A customer's non-empty value wins for a field that people fill in; for any other name the provider's does.
pub fn merge(spec: &ProviderSpec, entered: ConfigMap, said: ConfigMap) -> ConfigMap {
    let asked = |name: &str| spec.connection_config.iter().any(|field: &Field| field.name == name && !field.automated);
    let mut merged = entered;
    for (name, value) in said {
        let keep = asked(&name) && merged.get(&name).is_some_and(|entered| !entered.is_empty());
        if !keep {
            merged.insert(name, value);
        }
    }
    merged
}
