//! The inputs of requests: a provider, an operator's settings, a connection, an instant.
//!
//! Borrowed and copied; nothing is looked up here.

use crate::clock::Moment;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind};
use crate::integration::IntegrationRecord;
use crate::template::{Missing, Scope, operators};
use keyway_spec::{Field, ProviderSpec, Reference, Root};
use std::fmt;

/// Everything a request is built from.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The provider.
    pub spec: &'a ProviderSpec,
    /// The operator's settings.
    pub integration: &'a IntegrationRecord,
    /// The customer's account.
    pub config: &'a ConfigMap,
    /// The connection's id.
    pub connection_id: &'a str,
    /// The connection's own data.
    pub metadata: &'a serde_json::Map<String, serde_json::Value>,
    /// Its credentials.
    pub credentials: &'a Credentials,
    /// The request's instant and UUID.
    pub moment: &'a Moment,
}

impl fmt::Debug for Inputs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inputs")
            .field("provider", &self.spec.key)
            .field("integration", &self.integration.key)
            .field("connection_id", &self.connection_id)
            .finish_non_exhaustive()
    }
}

impl<'a> Inputs<'a> {
    /// The names that templates of a proxied call can use.
    pub fn scope(&self) -> Scope<'a> {
        Scope {
            split: self.spec.quirks.map_or(&[], |quirks| quirks.split),
            metadata: Some(self.metadata),
            connection_id: Some(self.connection_id),
            settings: self.settings(),
            ..Scope::new(self.config, self.credentials, self.integration, self.moment)
        }
    }

    /// The operator's settings that stand for credentials of the same name.
    pub(crate) fn settings(&self) -> &'a [Field] {
        settings(self.spec)
    }

    /// True if a name stands for something that belongs to the operator and not to the customer.
    pub(crate) fn is_operators(&self, reference: &Reference) -> bool {
        match reference.root {
            Root::ClientSecret => true,
            Root::Credentials => operators(self.settings(), self.integration, reference.path).is_some(),
            _ => false,
        }
    }

    /// True if a name may have no value: its field is optional.
    pub(crate) fn may_be_missing(&self, Missing(reference): Missing) -> bool {
        let fields = match reference.root {
            Root::ConnectionConfig => self.spec.connection_config,
            Root::Credentials => self.spec.credentials,
            _ => return false,
        };
        fields.iter().any(|field| field.name == reference.path && field.optional)
    }
}

/// The operator's settings that stand for credentials of the same name.
pub(crate) fn settings<'a>(spec: &ProviderSpec) -> &'a [Field] {
    if spec.auth.facts().settings_are_inputs { spec.integration_config } else { &[] }
}

/// The error of a value that a call needs and the connection does not have.
pub(crate) fn missing(name: impl fmt::Display) -> Error {
    Error::new(ErrorKind::MissingValue, format!("`{name}` has no value on this connection: set it, or connect again"))
}
