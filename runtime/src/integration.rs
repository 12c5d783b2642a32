//! An integration of one provider, as a program sets it up in code.

use crate::provider::Provider;
use crate::secret::Secret;
use keyway_spec::quirks::UnknownOutcome;
use std::marker::PhantomData;

pub use keyway_core::integration::IntegrationRecord;
pub(crate) use keyway_core::integration::{id_in_code, new_id};

/// An integration of the provider `P`, as a program sets it up.
#[must_use = "give it to the builder"]
pub struct Integration<P> {
    record: IntegrationRecord,
    provider: PhantomData<fn() -> P>,
}

impl<P: Provider> Integration<P> {
    /// An integration with a key of its own; two integrations of one provider are two keys.
    pub fn new(key: impl Into<String>) -> Integration<P> {
        Integration { record: IntegrationRecord::new(key, P::SPEC), provider: PhantomData }
    }

    /// The client that the operator registered with the vendor.
    pub fn oauth_app(mut self, client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Integration<P> {
        self.record.client_id = Some(client_id.into());
        self.record.client_secret = Some(client_secret.into());
        self
    }

    /// The scopes to ask for, instead of the entry's default ones.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Integration<P> {
        self.record.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Hosts that the operator vouches for: see [`IntegrationRecord::allowed_hosts`].
    pub fn allowed_hosts<S: Into<String>>(mut self, hosts: impl IntoIterator<Item = S>) -> Integration<P> {
        self.record.allowed_hosts = hosts.into_iter().map(Into::into).collect();
        self
    }

    /// An operator's setting: a field of the entry's `integration_config`, or another.
    pub fn custom(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Integration<P> {
        self.record.custom.insert(name.into(), value.into());
        self
    }

    /// Lets flows use the redirect URI that the program passes as it is, instead of one of this integration's own: see
    /// [`IntegrationRecord::shared_redirect_uri`].
    pub fn shared_redirect_uri(mut self) -> Integration<P> {
        self.record.shared_redirect_uri = true;
        self
    }

    /// The action after a refresh of unknown outcome, whatever the entry says: [`UnknownOutcome::Final`] for a vendor
    /// that ends every session when it sees a refresh token twice.
    pub fn unknown_outcome(mut self, outcome: UnknownOutcome) -> Integration<P> {
        self.record.unknown_outcome = Some(outcome);
        self
    }

    pub(crate) fn into_record(self) -> IntegrationRecord {
        self.record
    }
}

impl<P> std::fmt::Debug for Integration<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.record.fmt(f)
    }
}
