//! The account that is connected: what the customer and the operator entered, as the vendor knows it too.

use crate::stand_in;
use keyway_spec::{Field, Mode, ProviderSpec};
use std::collections::BTreeMap;

/// Texts by name.
pub type Texts = BTreeMap<String, String>;

/// Everything that the vendor knows of the customer and of the operator's client, as the driver set it up.
#[derive(Clone, Debug, Default)]
pub struct SimulatedAccount {
    /// Connection configuration. A value that the vendor supplies (with a callback or an answer) is taken from here
    /// too; where there is none it is made up.
    pub config: Texts,
    /// The credentials that the customer submits.
    pub credentials: Texts,
    /// The values that the customer submits once to make an assertion.
    pub assertion_options: Texts,
    /// Metadata of the connection, for base URLs that mention it.
    pub metadata: Texts,
    /// The operator's settings (`integration_config`).
    pub settings: Texts,
    /// The connection's id.
    pub connection_id: String,
    /// The public page of the operator's app.
    pub app_link: String,
    /// The client that the operator registered.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// The scopes that are asked for.
    pub scopes: Vec<String>,
    /// The redirect URI that was registered for the client; while it is empty, the first one that comes is registered.
    pub redirect_uri: String,
}

impl SimulatedAccount {
    /// The account with the defaults of fields that nobody filled in, and with values that only the vendor supplies.
    pub(crate) fn completed(mut self, spec: &ProviderSpec) -> SimulatedAccount {
        fill(&mut self.config, spec.connection_config);
        fill(&mut self.credentials, spec.credentials);
        fill(&mut self.settings, spec.integration_config);
        if spec.auth.kind() == Mode::AwsSigV4 {
            // What calls are signed for is the operator's word.
            for (name, setting) in [("service", "service"), ("region", "defaultRegion")] {
                let own = self.settings.get(setting).filter(|value| !value.is_empty()).cloned();
                if name == "service" || self.config.get(name).is_none_or(String::is_empty) {
                    self.config.extend(own.map(|own| (name.to_owned(), own)));
                }
            }
        }
        for name in stand_in::captured(spec) {
            if self.config.get(name).is_none_or(String::is_empty) {
                self.config.insert(name.to_owned(), stand_in::of_config(spec, name));
            }
        }
        self
    }

    /// The client's id at the token endpoint: in client credentials it is the customer's.
    pub(crate) fn token_client(&self, is_customers: bool) -> (String, String) {
        let own = |name: &str, operators: &String| match self.credentials.get(name) {
            Some(value) if is_customers => value.clone(),
            _ => operators.clone(),
        };
        (own("client_id", &self.client_id), own("client_secret", &self.client_secret))
    }
}

fn fill(values: &mut Texts, fields: &[Field]) {
    for field in fields {
        if let Some(default) = field.default_value
            && !values.contains_key(field.name)
        {
            values.insert(field.name.to_owned(), default.to_owned());
        }
    }
}
