//! A customer's account at a provider.
//!
//! The runtime stores and renews connections.

pub mod check;
mod granted;
pub mod metadata;
pub mod update;

pub use granted::Granted;

use crate::clock::Timestamp;
use crate::credentials::Credentials;
use std::collections::BTreeMap;
use std::fmt;

/// Configuration of the account, from the customer or the provider: field name to value.
///
/// Values captured from responses keep their dotted name; booleans and numbers are kept as text.
pub type ConfigMap = BTreeMap<String, String>;

/// The configuration of a connection that waits for the vendor's webhook: until when it does (RFC 3339).
pub const PENDING: &str = "pending";

/// The identity of a connection.
///
/// ```
/// # use keyway_core::connection::ConnectionKey;
/// let key = ConnectionKey::new("acme", "customer-42");
/// assert_eq!((key.integration.as_str(), key.id.as_str()), ("acme", "customer-42"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionKey {
    /// The integration's key, by default the provider's.
    pub integration: String,
    /// The caller's own name for the customer's account.
    pub id: String,
}

impl ConnectionKey {
    /// The key of a connection of an integration.
    pub fn new(integration: impl Into<String>, id: impl Into<String>) -> ConnectionKey {
        ConnectionKey { integration: integration.into(), id: id.into() }
    }
}

/// A connection.
///
/// A store builds one with [`Connection::new`] and the setters named like the fields; programs read one.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Connection {
    /// Its identity.
    pub key: ConnectionKey,
    /// The provider's key in the catalogue.
    pub provider: String,
    /// The account's configuration.
    pub config: ConfigMap,
    /// The caller's own data. No renewal changes it.
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// Its credentials.
    pub credentials: Credentials,
    /// The state of its renewals.
    pub refresh: RefreshState,
    /// When it was created.
    pub created_at: Timestamp,
    /// When anything but its metadata was last changed.
    pub updated_at: Timestamp,
    /// Counts changes: a write names the epoch it read, and fails if another write came first.
    pub epoch: u64,
}

impl Connection {
    /// A connection without configuration and credentials that was created now.
    pub fn new(key: ConnectionKey, provider: impl Into<String>, now: Timestamp) -> Connection {
        Connection {
            key,
            provider: provider.into(),
            config: ConfigMap::new(),
            metadata: serde_json::Map::new(),
            credentials: Credentials::default(),
            refresh: RefreshState::default(),
            created_at: now,
            updated_at: now,
            epoch: 0,
        }
    }

    /// Sets the account's configuration.
    #[must_use]
    pub fn config(mut self, config: ConfigMap) -> Connection {
        self.config = config;
        self
    }

    /// Sets the caller's own data.
    #[must_use]
    pub fn metadata(mut self, metadata: serde_json::Map<String, serde_json::Value>) -> Connection {
        self.metadata = metadata;
        self
    }

    /// Sets the credentials.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Connection {
        self.credentials = credentials;
        self
    }

    /// Sets the state of the renewals.
    #[must_use]
    pub fn refresh(mut self, refresh: RefreshState) -> Connection {
        self.refresh = refresh;
        self
    }

    /// Sets when the connection was last changed.
    #[must_use]
    pub fn updated_at(mut self, at: Timestamp) -> Connection {
        self.updated_at = at;
        self
    }

    /// Sets the epoch that the connection was read at.
    #[must_use]
    pub fn epoch(mut self, epoch: u64) -> Connection {
        self.epoch = epoch;
        self
    }
}

/// Without the values of configuration and metadata: some entries ask for a key among the first, and the second are
/// the caller's.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("key", &self.key)
            .field("provider", &self.provider)
            .field("config", &self.config.keys().collect::<Vec<_>>())
            .field("metadata", &self.metadata.keys().collect::<Vec<_>>())
            .field("credentials", &self.credentials)
            .field("refresh", &self.refresh)
            .field("created_at", &self.created_at)
            .field("updated_at", &self.updated_at)
            .field("epoch", &self.epoch)
            .finish()
    }
}

/// The state of a connection's renewals. A store sets the fields of [`RefreshState::default`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefreshState {
    /// The last success.
    pub last_success: Option<Timestamp>,
    /// The last failure since then.
    pub last_failure: Option<Timestamp>,
    /// Days (UTC) since the last success on which a renewal was sent and no answer came.
    pub attempts: u32,
    /// Failures in a row since the last success, of any kind: the pauses grow with them.
    pub failures: u32,
    /// Renewals in a row whose outcome is unknown. The first of them is followed by another within seconds.
    pub unanswered: u32,
    /// The next automatic attempt is not made before this instant.
    pub retry_at: Option<Timestamp>,
    /// No more automatic attempts: the customer has to connect again.
    pub exhausted: bool,
    /// A refresh token is being redeemed: until when the process that began may wait for the answer and write it. Past
    /// that instant the attempt was abandoned, and its outcome is unknown.
    pub intent: Option<Timestamp>,
}

impl RefreshState {
    /// The state after a success.
    pub fn succeeded(now: Timestamp) -> RefreshState {
        RefreshState { last_success: Some(now), ..RefreshState::default() }
    }
}
