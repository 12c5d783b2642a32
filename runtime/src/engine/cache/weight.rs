//! How many bytes an account takes, about: its texts, and a flat rate for what holds each of them.

use crate::account::Account;
use crate::credentials::Credentials;
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use serde_json::{Map, Value};

/// What a text takes beside its letters: its place in a map or a list, and what the allocator adds.
const PER_TEXT: u64 = 80;
/// What an account takes before any of its values: its own fields, what its calls have ready (base URL, hosts,
/// headers), and its place in the cache.
const PER_ACCOUNT: u64 = 2048;

/// The bytes of an account.
pub(super) fn bytes(account: &Account) -> u64 {
    let connection = &account.connection;
    let config = connection.config.iter().flat_map(|(name, value)| [name.as_str(), value]);
    PER_ACCOUNT
        + texts([connection.key.integration.as_str(), &connection.key.id, &connection.provider])
        + texts(config)
        + of_credentials(&connection.credentials)
        + of_metadata(&connection.metadata)
        + of_integration(account.integration())
}

fn of_credentials(credentials: &Credentials) -> u64 {
    let Credentials { inputs, assertion_options, token, obtained, .. } = credentials;
    let named = inputs.iter().chain(assertion_options).chain(obtained);
    let token = token.iter().flat_map(|token| [Some(&token.access), token.refresh.as_ref(), token.raw.as_ref()]);
    let token = token.flatten().map(Secret::expose);
    texts(named.flat_map(|(name, secret)| [name.as_str(), secret.expose()])) + texts(token)
}

fn of_integration(record: &IntegrationRecord) -> u64 {
    let optional = record.client_id.iter().chain(&record.app_link).chain(&record.base_url);
    let plain = [&record.id, &record.key, &record.provider].into_iter().chain(optional);
    let lists = record.scopes.iter().chain(&record.allowed_hosts);
    let custom = record.custom.iter().flat_map(|(name, secret)| [name.as_str(), secret.expose()]);
    let secret = record.client_secret.iter().map(Secret::expose);
    texts(plain.chain(lists).map(String::as_str)) + texts(custom) + texts(secret)
}

fn of_metadata(metadata: &Map<String, Value>) -> u64 {
    // Without recursion: how deep a caller's data goes is the caller's choice.
    let mut left: Vec<&Value> = metadata.values().collect();
    let mut bytes = texts(metadata.keys().map(String::as_str));
    while let Some(value) = left.pop() {
        bytes += match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => PER_TEXT,
            Value::String(text) => texts([text.as_str()]),
            Value::Array(items) => {
                left.extend(items);
                PER_TEXT
            }
            Value::Object(members) => {
                left.extend(members.values());
                texts(members.keys().map(String::as_str))
            }
        };
    }
    bytes
}

fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> u64 {
    texts.into_iter().map(|text| PER_TEXT.saturating_add(u64::try_from(text.len()).unwrap_or(u64::MAX))).sum()
}
