//! What an operator set up for one provider: the client, its scopes, the hosts it trusts.
//!
//! Absent here: customers.

use crate::secret::Secret;
use std::collections::BTreeMap;

/// An integration as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntegrationRecord {
    /// Its key, by default the provider's. Renaming keeps the connections.
    pub key: String,
    /// The provider's key in the catalogue.
    pub provider: String,
    /// The OAuth client id.
    pub client_id: Option<String>,
    /// The OAuth client secret.
    pub client_secret: Option<Secret>,
    /// Scopes to ask for.
    pub scopes: Vec<String>,
    /// Hosts (or patterns like `*.example.com`) that the operator vouches for: they may receive the operator's
    /// secrets, and API calls where the provider has no base URL of its own.
    pub allowed_hosts: Vec<String>,
    /// Values of the provider's `integration_config`, and other operator-owned settings.
    pub custom: BTreeMap<String, Secret>,
    /// The public installation page of an app.
    pub app_link: Option<String>,
}
