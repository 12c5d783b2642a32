//! One record as text, to be moved from one store to another: what `keyway store export` writes.
//!
//! The text holds secrets in the clear: it is sealed by the caller before it leaves the memory. Times are microseconds
//! since 1970. A member that this version does not know is an error, so that nothing is left behind in silence.

use super::text::{self, CredentialsOwned, CredentialsRef};
use crate::clock::Timestamp;
use crate::connection::{Connection, ConnectionKey, RefreshState};
use crate::error::{Error, ErrorKind, Result};
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use crate::store::{Registration, RegistrationKey};
use keyway_spec::quirks::UnknownOutcome;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// A record of a store. Tickets are none: they live for minutes, and belong to flows that are under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// An integration.
    Integration(IntegrationRecord),
    /// A connection. Its epoch is not written: each store counts its own.
    Connection(Box<Connection>),
    /// A registered client.
    Registration(Registration),
}

impl Record {
    /// The record as JSON with its secrets in the clear; the bytes are wiped on drop.
    pub fn to_json(&self) -> Result<Zeroizing<Vec<u8>>> {
        text::to_json(&match self {
            Record::Integration(record) => WrittenRef::Integration(IntegrationRef::of(record)),
            Record::Connection(connection) => WrittenRef::Connection(ConnectionRef::of(connection)),
            Record::Registration(registration) => WrittenRef::Registration(RegistrationRef::of(registration)),
        })
    }

    /// The record of its text.
    pub fn from_json(bytes: &[u8]) -> Result<Record> {
        // The cause is not kept: it may quote the text.
        let written = serde_json::from_slice(bytes).map_err(|_| unreadable())?;
        Ok(match written {
            Written::Integration(written) => Record::Integration(written.record()?),
            Written::Connection(written) => Record::Connection(Box::new(written.connection()?)),
            Written::Registration(written) => Record::Registration(written.registration()?),
        })
    }
}

fn unreadable() -> Error {
    Error::new(ErrorKind::InvalidValue, "a record cannot be read: it was written by a newer version of Keyway")
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum WrittenRef<'a> {
    Integration(IntegrationRef<'a>),
    Connection(ConnectionRef<'a>),
    Registration(RegistrationRef<'a>),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Written {
    Integration(IntegrationOwned),
    Connection(ConnectionOwned),
    Registration(RegistrationOwned),
}

#[derive(Serialize)]
struct IntegrationRef<'a> {
    id: &'a str,
    key: &'a str,
    provider: &'a str,
    client_id: Option<&'a str>,
    client_secret: Option<&'a str>,
    scopes: &'a [String],
    allowed_hosts: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")] // so that versions without it read what does not have one
    base_url: Option<&'a str>,
    custom: BTreeMap<&'a str, &'a str>,
    app_link: Option<&'a str>,
    shared_redirect_uri: bool,
    unknown_outcome: Option<&'a str>,
}

impl IntegrationRef<'_> {
    fn of(record: &IntegrationRecord) -> IntegrationRef<'_> {
        let IntegrationRecord {
            id,
            key,
            provider,
            client_id,
            client_secret,
            scopes,
            allowed_hosts,
            base_url,
            custom,
            app_link,
            shared_redirect_uri,
            unknown_outcome,
            ..
        } = record;
        IntegrationRef {
            id,
            key,
            provider,
            client_id: client_id.as_deref(),
            client_secret: client_secret.as_ref().map(Secret::expose),
            scopes,
            allowed_hosts,
            base_url: base_url.as_deref(),
            custom: text::secrets_ref(custom),
            app_link: app_link.as_deref(),
            shared_redirect_uri: *shared_redirect_uri,
            unknown_outcome: unknown_outcome.map(UnknownOutcome::name),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IntegrationOwned {
    id: String,
    key: String,
    provider: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    scopes: Vec<String>,
    allowed_hosts: Vec<String>,
    base_url: Option<String>,
    custom: BTreeMap<String, String>,
    app_link: Option<String>,
    shared_redirect_uri: bool,
    unknown_outcome: Option<String>,
}

impl IntegrationOwned {
    fn record(self) -> Result<IntegrationRecord> {
        let unknown_outcome =
            self.unknown_outcome.map(|name| UnknownOutcome::from_name(&name).ok_or_else(unreadable)).transpose()?;
        let mut record = IntegrationRecord::without_scopes(self.key, self.provider)
            .id(self.id)
            .scopes(self.scopes)
            .allowed_hosts(self.allowed_hosts)
            .custom(text::secrets_owned(self.custom))
            .shared_redirect_uri(self.shared_redirect_uri);
        record.base_url = self.base_url;
        record.client_id = self.client_id;
        record.client_secret = self.client_secret.map(Secret::from);
        record.app_link = self.app_link;
        record.unknown_outcome = unknown_outcome;
        Ok(record)
    }
}

#[derive(Serialize)]
struct ConnectionRef<'a> {
    integration: &'a str,
    id: &'a str,
    provider: &'a str,
    config: &'a BTreeMap<String, String>,
    metadata: &'a serde_json::Map<String, serde_json::Value>,
    credentials: CredentialsRef<'a>,
    refresh: Refresh,
    created_at: i64,
    updated_at: i64,
}

impl ConnectionRef<'_> {
    fn of(connection: &Connection) -> ConnectionRef<'_> {
        let Connection { key, provider, config, metadata, credentials, refresh, created_at, updated_at, .. } =
            connection;
        ConnectionRef {
            integration: &key.integration,
            id: &key.id,
            provider,
            config,
            metadata,
            credentials: text::credentials_ref(credentials),
            refresh: Refresh::of(refresh),
            created_at: created_at.as_microsecond(),
            updated_at: updated_at.as_microsecond(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConnectionOwned {
    integration: String,
    id: String,
    provider: String,
    config: BTreeMap<String, String>,
    metadata: serde_json::Map<String, serde_json::Value>,
    credentials: CredentialsOwned,
    refresh: Refresh,
    created_at: i64,
    updated_at: i64,
}

impl ConnectionOwned {
    fn connection(self) -> Result<Connection> {
        let (key, created_at) = (ConnectionKey::new(self.integration, self.id), text::timestamp(self.created_at)?);
        Ok(Connection::new(key, self.provider, created_at)
            .config(self.config)
            .metadata(self.metadata)
            .credentials(text::credentials_owned(self.credentials)?)
            .refresh(self.refresh.state()?)
            .updated_at(text::timestamp(self.updated_at)?))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refresh {
    last_success: Option<i64>,
    last_failure: Option<i64>,
    attempts: u32,
    failures: u32,
    unanswered: u32,
    retry_at: Option<i64>,
    exhausted: bool,
    intent: Option<i64>,
}

impl Refresh {
    fn of(state: &RefreshState) -> Refresh {
        let RefreshState {
            last_success,
            last_failure,
            attempts,
            failures,
            unanswered,
            retry_at,
            exhausted,
            intent,
            ..
        } = state;
        let written = |instant: &Option<Timestamp>| instant.map(Timestamp::as_microsecond);
        Refresh {
            last_success: written(last_success),
            last_failure: written(last_failure),
            attempts: *attempts,
            failures: *failures,
            unanswered: *unanswered,
            retry_at: written(retry_at),
            exhausted: *exhausted,
            intent: written(intent),
        }
    }

    fn state(self) -> Result<RefreshState> {
        let mut state = RefreshState::default();
        state.last_success = self.last_success.map(text::timestamp).transpose()?;
        state.last_failure = self.last_failure.map(text::timestamp).transpose()?;
        state.attempts = self.attempts;
        state.failures = self.failures;
        state.unanswered = self.unanswered;
        state.retry_at = self.retry_at.map(text::timestamp).transpose()?;
        state.exhausted = self.exhausted;
        state.intent = self.intent.map(text::timestamp).transpose()?;
        Ok(state)
    }
}

#[derive(Serialize)]
struct RegistrationRef<'a> {
    integration: &'a str,
    issuer: &'a str,
    request: &'a str,
    client_id: &'a str,
    answer: &'a str,
    expires_at: Option<i64>,
}

impl RegistrationRef<'_> {
    fn of(registration: &Registration) -> RegistrationRef<'_> {
        let Registration { key: RegistrationKey { integration, issuer, request }, client_id, answer, expires_at } =
            registration;
        RegistrationRef {
            integration,
            issuer,
            request,
            client_id,
            answer: answer.expose(),
            expires_at: expires_at.map(Timestamp::as_microsecond),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistrationOwned {
    integration: String,
    issuer: String,
    request: String,
    client_id: String,
    answer: String,
    expires_at: Option<i64>,
}

impl RegistrationOwned {
    fn registration(self) -> Result<Registration> {
        let RegistrationOwned { integration, issuer, request, client_id, answer, expires_at } = self;
        Ok(Registration {
            key: RegistrationKey { integration, issuer, request },
            client_id,
            answer: Secret::from(answer),
            expires_at: expires_at.map(text::timestamp).transpose()?,
        })
    }
}
