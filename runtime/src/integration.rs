//! Integrations: the operator's set-up of a provider.
//!
//! A program sets one up in code with [`Integration::new`] and gives it to the builder. An [`IntegrationRecord`] is
//! what is stored of one, for programs whose integrations are made while they run.

use crate::provider::Provider;
use crate::secret::Secret;
use keyway_spec::quirks::UnknownOutcome;
use std::marker::PhantomData;

#[doc(inline)]
pub use keyway_core::integration::IntegrationRecord;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub(crate) use keyway_core::integration::in_the_clear;
pub(crate) use keyway_core::integration::{id_in_code, new_id};

/// An integration of the provider `P`, as a program sets it up.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # use acme::forge::Forge;
/// use keyway::Integration;
///
/// let forge = Integration::<Forge>::new("forge")
///     .oauth_app("client-id", "client-secret")
///     .scopes(["repo", "user"])
///     .allowed_hosts(["uploads.forge.example"]);
/// assert!(!format!("{forge:?}").contains("client-secret"), "`Debug` shows no secret");
/// # Ok(())
/// # });
/// ```
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

    /// Where API calls go instead of the entry's base URL, such as a sandbox: see [`IntegrationRecord::base_url`].
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # use acme::Acme;
    /// use keyway::Integration;
    ///
    /// let sandbox = Integration::<Acme>::new("acme-sandbox")
    ///     .base_url("https://sandbox.acme.example/v2")
    ///     .allowed_hosts(["sandbox.acme.example"]); // it is none of the entry's own
    /// # keyway::Keyway::builder().integration(sandbox).build()?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn base_url(mut self, base_url: impl Into<String>) -> Integration<P> {
        self.record.base_url = Some(base_url.into());
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
