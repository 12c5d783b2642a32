//! The operator's set-up of one provider: the client, its scopes, the hosts it trusts.

use crate::clock::Clock;
use crate::error::Result;
use crate::secret::Secret;
use crate::sign::digest::sha256_hex;
use data_encoding::HEXLOWER;
use keyway_spec::ProviderSpec;
use keyway_spec::quirks::UnknownOutcome;
use std::collections::BTreeMap;

/// An integration as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntegrationRecord {
    /// Its permanent identity, and the last segment of its redirect URI. Assigned on creation and never changed: a
    /// store keeps it, whatever a later record says. Empty before that.
    pub id: String,
    /// Its key, by default the provider's. Renaming keeps the connections.
    pub key: String,
    /// The provider's key in the catalogue.
    pub provider: String,
    /// The OAuth client id.
    pub client_id: Option<String>,
    /// The OAuth client secret.
    pub client_secret: Option<Secret>,
    /// Scopes to ask for. Empty: none, whatever the entry's default ones are.
    pub scopes: Vec<String>,
    /// Hosts (or patterns like `*.example.com`) that the operator vouches for: they may receive the operator's
    /// secrets, and API calls where the provider has no base URL of its own.
    pub allowed_hosts: Vec<String>,
    /// Values of the provider's `integration_config`, and other operator-owned settings.
    pub custom: BTreeMap<String, Secret>,
    /// The public installation page of an app.
    pub app_link: Option<String>,
    /// True if flows use the plain redirect URI, which other integrations share, instead of one of this integration's
    /// own: for a client that was registered with it. A vendor of one sharing integration can then pass the codes of
    /// another one off as its own (RFC 9700 section 4.4), so it is a choice, and there is none where a customer names
    /// the authorization server.
    pub shared_redirect_uri: bool,
    /// The action after a refresh of unknown outcome; `None` for the entry's own setting.
    pub unknown_outcome: Option<UnknownOutcome>,
}

/// The bytes of an id.
const ID_BYTES: usize = 16;

/// A new id: 128 random bits, in hexadecimal.
pub fn new_id(clock: &dyn Clock) -> Result<String> {
    let mut bytes = [0; ID_BYTES];
    clock.random(&mut bytes)?;
    Ok(HEXLOWER.encode(&bytes))
}

/// The id of an integration that a program sets up in code: the same in every process, also without a store that lasts.
pub fn id_in_code(key: &str) -> String {
    sha256_hex(format!("integration {key}").as_bytes()).chars().take(2 * ID_BYTES).collect()
}

impl IntegrationRecord {
    /// An integration of a provider, set up with nothing but the entry's default scopes.
    pub fn new(key: impl Into<String>, spec: &ProviderSpec) -> IntegrationRecord {
        IntegrationRecord {
            key: key.into(),
            provider: spec.key.to_owned(),
            scopes: spec.default_scopes.iter().map(|&scope| scope.to_owned()).collect(),
            ..IntegrationRecord::default()
        }
    }
}
