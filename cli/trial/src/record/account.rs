//! An account at the vendor whose answers are recorded.

use super::recorder::Recorder;
use crate::redact::RedactionContext;
use crate::stand_in::{Filled, found_out, said};
use keyway::client::{Authorize, Started};
use keyway::connection::{ConfigMap, Trust};
use keyway::mask::Masker;
use keyway::{
    Catalogue, Connection, ConnectionKey, Credentials, EgressPolicy, Error, ErrorKind, IntegrationRecord, Keyway,
    Result, Secret,
};
use keyway_spec::mode::Connect;
use keyway_spec::{ProviderSpec, Proxy};
use std::collections::BTreeSet;
use url::form_urlencoded;

/// The name of the connection.
const CONNECTION: &str = "recorded";

/// An account, the operator's client, and what is sent for them.
#[derive(Clone)]
#[non_exhaustive]
pub struct RealAccount {
    /// The entry.
    pub spec: &'static ProviderSpec,
    /// The configuration of the connection; what is found out while it is connected is added.
    pub config: ConfigMap,
    /// Submitted credentials, and the token when there is one.
    pub credentials: Credentials,
    integration: IntegrationRecord,
    policy: EgressPolicy,
    recorder: Recorder,
    /// Everything that must not be in a sample.
    secrets: Vec<Secret>,
}

impl RealAccount {
    /// An account that is not connected yet, unless there is a token among its credentials.
    pub fn new(
        spec: &'static ProviderSpec,
        integration: IntegrationRecord,
        config: ConfigMap,
        credentials: Credentials,
        policy: EgressPolicy,
        recorder: Recorder,
    ) -> RealAccount {
        let operators = integration.client_secret.iter().chain(integration.custom.values());
        let secrets = operators.chain(credentials.secrets()).cloned().chain(secrets_of(spec, &config)).collect();
        RealAccount { spec, config, credentials, integration, policy, recorder, secrets }
    }

    /// The answers so far.
    pub(super) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// The key of its connection.
    pub(super) fn key(&self) -> ConnectionKey {
        ConnectionKey::new(self.spec.key, CONNECTION)
    }

    /// The runtime, with the connection as far as it is made.
    pub(super) async fn found(&self) -> Result<Keyway> {
        let keyway = self.keyway(self.spec)?;
        let (config, credentials) = (self.config.clone(), self.credentials.clone());
        keyway.import_unverified(self.key(), config, serde_json::Map::new(), credentials).await?;
        Ok(keyway)
    }

    /// Has credentials proved as they are.
    pub(super) async fn prove(&self, credentials: Credentials) -> Result<Connection> {
        let keyway = self.keyway(self.spec)?;
        keyway.import(self.key(), self.config.clone(), serde_json::Map::new(), credentials, Trust::Operator).await
    }

    /// Exchanges submitted credentials, without proving what comes of it.
    pub(super) async fn exchange(&self, credentials: Credentials) -> Result<Connection> {
        let keyway = self.keyway(self.spec)?;
        keyway.import_unverified(self.key(), self.config.clone(), serde_json::Map::new(), credentials).await
    }

    /// Signs in, without the probe behind it. `consent` is told where the person agrees, and says to which URL the
    /// browser was sent back.
    pub(super) async fn sign_in(
        &self,
        scopes: &[String],
        redirect_uri: &str,
        consent: impl FnOnce(&Started) -> Result<String>,
    ) -> Result<(Connection, Vec<Secret>)> {
        match self.spec.auth.connect() {
            Connect::Direct => Ok((self.exchange(self.credentials.clone()).await?, Vec::new())),
            Connect::Interactive => {
                // The probe is a recording of its own.
                let proxy = self.spec.proxy.map(|proxy| Proxy { verification: None, ..proxy });
                let keyway = self.keyway(Box::leak(Box::new(ProviderSpec { proxy, ..*self.spec })))?;
                let mut asked = Authorize::new(self.key(), redirect_uri).config(self.config.clone());
                asked = asked.credentials(self.credentials.inputs.clone());
                asked.scopes = (!scopes.is_empty()).then(|| scopes.to_vec());
                let started = keyway.authorize(asked).await?;
                let callback = consent(&started)?;
                let query = callback.split_once('?').map_or("", |(_, query)| query);
                let configures = self.spec.auth.code_flow().map_or(&[][..], |(page, _)| page.redirect_uri_metadata);
                // Answers have these, too: scopes, the issuer (RFC 9207), and what becomes configuration.
                let is_open =
                    |name: &str| matches!(name, "scope" | "scopes" | "iss" | "prompt") || configures.contains(&name);
                let brought = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !is_open(name));
                let brought = brought.map(|(_, value)| Secret::new(value.into_owned()));
                let brought = brought.chain([started.state.clone()]).collect();
                Ok((keyway.finish(&callback, started.binding.expose()).await?, brought))
            }
            Connect::Outbound => {
                let message = "an installation that begins at the vendor and ends with a webhook cannot be recorded";
                Err(Error::new(ErrorKind::Unsupported, message).provider(self.spec.key))
            }
        }
    }

    /// Takes up what was granted, for the requests behind.
    pub(super) fn granted(&mut self, connection: Connection) {
        self.hide(connection.credentials.secrets().cloned());
        self.hide(secrets_of(self.spec, &connection.config));
        self.credentials = connection.credentials;
        self.config = connection.config;
    }

    /// Adds values that must not be in a sample.
    pub(super) fn hide(&mut self, secrets: impl IntoIterator<Item = Secret>) {
        self.secrets.extend(secrets);
    }

    /// A text without any of them.
    pub(super) fn masked(&self, text: &str) -> String {
        Masker::new(&self.secrets).text(text)
    }

    /// The account as redaction has to know it.
    pub fn redaction(&self, keep: BTreeSet<String>) -> RedactionContext {
        let mut stand_ins = found_out(self.spec);
        stand_ins.extend(said(self.spec, Filled::All).config);
        let pairs = self.config.iter().filter_map(|(name, real)| Some((real.clone(), stand_ins.get(name)?.clone())));
        RedactionContext { spec: self.spec, secrets: self.secrets.clone(), config: pairs.collect(), keep }
    }

    fn keyway(&self, spec: &'static ProviderSpec) -> Result<Keyway> {
        Keyway::builder()
            .transport(self.recorder.clone())
            .egress(self.policy.clone())
            .catalogue(Catalogue::from_iter([spec]))
            .integration_record(self.integration.clone())
            .build()
    }
}

/// The values of the configuration's secret fields.
fn secrets_of(spec: &ProviderSpec, config: &ConfigMap) -> Vec<Secret> {
    let fields = spec.connection_config.iter().filter(|field| field.secret);
    fields.filter_map(|field| config.get(field.name)).map(|text| Secret::from(text.as_str())).collect()
}

impl std::fmt::Debug for RealAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RealAccount").field("provider", &self.spec.key).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway::clock::Timestamp;
    use keyway::transport::hyper::HyperTransport;
    use keyway_spec::Field;

    static TWO: ProviderSpec = ProviderSpec {
        connection_config: &[
            Field { name: "app", secret: true, ..Field::EMPTY },
            Field { name: "region", ..Field::EMPTY },
        ],
        ..ProviderSpec::EMPTY
    };

    #[test]
    fn what_is_said_of_an_account_holds_no_secret_of_its_configuration_given_or_granted() {
        let config =
            |app: &str| ConfigMap::from([("app", app), ("region", "eu-west")].map(|(k, v)| (k.into(), v.into())));
        let recorder = Recorder::new(HyperTransport::new().unwrap());
        let (record, policy) = (IntegrationRecord::without_scopes("two", "two"), EgressPolicy::default());
        let mut account =
            RealAccount::new(&TWO, record, config("given-canary"), Credentials::default(), policy, recorder);
        let text = "given-canary granted-canary eu-west";
        assert_eq!(account.masked(text), "*** granted-canary eu-west");
        let granted = Connection::new(account.key(), "two", Timestamp::from_millisecond(0).unwrap());
        account.granted(granted.config(config("granted-canary")));
        assert_eq!(account.masked(text), "*** *** eu-west");
        assert_eq!(account.redaction(BTreeSet::new()).secrets.len(), 2);
    }
}
