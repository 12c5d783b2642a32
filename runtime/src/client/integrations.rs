//! Integrations: created, replaced, changed, listed, deleted.
//!
//! What a record says is checked here, by the entry's own fields; whether its operator's key fits is the mode's to say
//! ([`crate::auth`]).

use super::keyway::Keyway;
use crate::auth;
use crate::catalogue::Catalogue;
use crate::egress::{EgressPolicy, HostPattern};
use crate::error::{Error, ErrorKind, Result};
use crate::fields::{self, Trust};
use crate::integration::{IntegrationRecord, new_id};
use crate::names;
use crate::request;

/// How often a change is repeated because another one came first.
const MAX_CHANGES: u32 = 16;

impl Keyway {
    /// Adds an integration. It gets an id, unless the record has one: an integration that moves here from another
    /// store keeps its id, and with it its redirect URI.
    pub async fn create_integration(&self, record: IntegrationRecord) -> Result<()> {
        let mut record = checked(self.catalogue(), self.egress_policy(), record)?;
        names::check("the key of the integration", &record.key)?;
        if record.id.is_empty() {
            record.id = new_id(&*self.engine().clock)?;
        }
        names::check("the id of the integration", &record.id)?;
        self.engine().store().await?.insert_integration(record).await
    }

    /// Replaces the integration `key`, whatever it is by now; a new key in the record renames it, and its connections
    /// follow. Its id stays. [`Keyway::change_integration`] is for changing a part of it.
    pub async fn update_integration(&self, key: &str, record: IntegrationRecord) -> Result<()> {
        let store = self.engine().store().await?;
        let stored = store.integration(key).await?;
        let record = replacement(self.catalogue(), self.egress_policy(), key, record, stored.as_ref())?;
        store.update_integration(key, record, None).await
    }

    /// Changes the integration `key`, and gives back what it is now. `change` is called again with what is there by
    /// then where another writer changed it meanwhile, so it must be a function of what it is given; a change that
    /// comes too late too often is [`ErrorKind::Conflict`]. No change is lost either way.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::keyway();
    /// let changed = keyway
    ///     .change_integration("forge", |record| {
    ///         record.scopes.push("repo".to_owned());
    ///         Ok::<(), keyway::Error>(())
    ///     })
    ///     .await?;
    /// assert_eq!(changed.scopes, ["repo"]);
    /// # Ok(())
    /// # });
    /// ```
    pub async fn change_integration<E: From<Error>>(
        &self,
        key: &str,
        mut change: impl FnMut(&mut IntegrationRecord) -> std::result::Result<(), E>,
    ) -> std::result::Result<IntegrationRecord, E> {
        let store = self.engine().store().await?;
        let mut attempt = 0;
        loop {
            let before = self.get_integration(key).await?;
            let mut record = before.clone();
            change(&mut record)?;
            let record = replacement(self.catalogue(), self.egress_policy(), key, record, Some(&before))?;
            attempt += 1;
            match store.update_integration(key, record.clone(), Some(before)).await {
                Err(error) if error.kind() == ErrorKind::Conflict && attempt < MAX_CHANGES => {}
                outcome => return Ok(outcome.map(|()| record)?),
            }
        }
    }

    /// An integration.
    pub async fn get_integration(&self, key: &str) -> Result<IntegrationRecord> {
        self.engine().integration(key).await.map(|(record, _)| record)
    }

    /// All integrations, by key.
    pub async fn list_integrations(&self) -> Result<Vec<IntegrationRecord>> {
        self.engine().store().await?.integrations().await
    }

    /// Removes an integration and its connections; false if there is none.
    pub async fn delete_integration(&self, key: &str) -> Result<bool> {
        self.engine().store().await?.delete_integration(key).await
    }
}

/// What replaces an integration that is `stored` under `key`.
fn replacement(
    catalogue: &Catalogue,
    policy: &EgressPolicy,
    key: &str,
    mut record: IntegrationRecord,
    stored: Option<&IntegrationRecord>,
) -> Result<IntegrationRecord> {
    let spec = catalogue.require(&record.provider)?;
    // One that shared the plain redirect URI from before there were others does not, where a customer names the server.
    if record.shared_redirect_uri && auth::issuer::is_customers(spec) {
        record.shared_redirect_uri = !stored.is_some_and(|stored| stored.shared_redirect_uri);
    }
    let record = checked(catalogue, policy, record)?;
    if record.key != key {
        names::check("the key of the integration", &record.key)?;
    }
    Ok(record)
}

/// A record as it is stored; an error for one that no connection could use.
pub(super) fn checked(
    catalogue: &Catalogue,
    policy: &EgressPolicy,
    mut record: IntegrationRecord,
) -> Result<IntegrationRecord> {
    let spec = catalogue.require(&record.provider)?;
    if record.key.is_empty() {
        record.key.clone_from(&record.provider);
    }
    for host in &record.allowed_hosts {
        HostPattern::parse(host).map_err(|reason| {
            Error::new(ErrorKind::InvalidValue, format!("`{host}` is no allowed host: {reason}")).provider(spec.key)
        })?;
    }
    request::check_base_url(spec, &record, policy.clone())
        .map_err(|error| error.adding(" (the base URL of the integration)").provider(spec.key))?;
    if record.shared_redirect_uri && auth::issuer::is_customers(spec) {
        let message = "a customer names the authorization server of this provider, so its integrations have a redirect \
                       URI for each server and cannot share one: leave `shared_redirect_uri` out";
        return Err(Error::new(ErrorKind::InvalidValue, message).provider(spec.key));
    }
    auth::check_integration(spec, &record)?;
    let declared = |name: &String| spec.integration_config.iter().any(|field| field.name == name);
    let (known, free) = std::mem::take(&mut record.custom).into_iter().partition(|(name, _)| declared(name));
    record.custom = free;
    if !spec.integration_config.is_empty() {
        let known = fields::validate(spec.integration_config, &known, Trust::Operator);
        record.custom.extend(known.map_err(|error| error.provider(spec.key))?);
    }
    Ok(record)
}
