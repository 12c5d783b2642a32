//! An integration, written in Rust.
//!
//! Only a description: the builder of `Keyway` takes it.

use crate::integration::IntegrationRecord;
use crate::provider::Provider;
use crate::secret::Secret;
use std::marker::PhantomData;

/// What an operator sets up for the provider `P`.
#[derive(Debug)]
pub struct Integration<P> {
    record: IntegrationRecord,
    provider: PhantomData<fn() -> P>,
}

impl<P: Provider> Integration<P> {
    /// An integration with a key of its own; two integrations of one provider have two keys.
    pub fn new(key: impl Into<String>) -> Integration<P> {
        let record =
            IntegrationRecord { key: key.into(), provider: P::SPEC.key.to_owned(), ..IntegrationRecord::default() };
        Integration { record, provider: PhantomData }
    }

    /// The OAuth client that the operator registered with the vendor.
    #[must_use]
    pub fn oauth_app(mut self, client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Integration<P> {
        self.record.client_id = Some(client_id.into());
        self.record.client_secret = Some(client_secret.into());
        self
    }

    /// The scopes to ask for. Without any, the provider's default scopes are asked for.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Integration<P> {
        self.record.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Hosts that the operator vouches for; see [`IntegrationRecord::allowed_hosts`].
    #[must_use]
    pub fn allow_hosts<S: Into<String>>(mut self, hosts: impl IntoIterator<Item = S>) -> Integration<P> {
        self.record.allowed_hosts = hosts.into_iter().map(Into::into).collect();
        self
    }

    /// The record as it is stored.
    pub fn into_record(self) -> IntegrationRecord {
        self.record
    }
}
