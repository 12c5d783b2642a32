//! Integrations, as they are shown: of secrets only which are set.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Every integration.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "IntegrationList")]
pub(crate) struct IntegrationList<'a> {
    /// Every integration, by key.
    pub(crate) integrations: Vec<ShownIntegration<'a>>,
}

/// An integration.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Integration")]
pub(crate) struct ShownIntegration<'a> {
    /// The name by which its redirect URIs are told apart; it never changes.
    pub(crate) id: &'a str,
    /// Its name in paths and bodies.
    pub(crate) key: &'a str,
    /// Its provider's key in the catalogue.
    pub(crate) provider: &'a str,
    /// The OAuth client id.
    pub(crate) client_id: Option<&'a str>,
    /// True if there is a client secret, which is never shown.
    pub(crate) client_secret_set: bool,
    /// The scopes to ask for.
    pub(crate) scopes: &'a [String],
    /// Hosts that may receive the operator's secrets, and that a base URL override may name.
    pub(crate) allowed_hosts: &'a [String],
    /// Where calls go instead of the provider's base URL.
    pub(crate) base_url: Option<&'a str>,
    /// The settings of `custom` that are set; their values are never shown.
    pub(crate) custom_set: Vec<&'a str>,
    /// The public installation page of an app or a plugin.
    pub(crate) app_link: Option<&'a str>,
    /// True if it uses the plain redirect URI.
    pub(crate) shared_redirect_uri: bool,
    /// The redirect URI of its flows; `null` where there is none or more than one.
    pub(crate) redirect_uri: Option<String>,
    /// The things of which each has a redirect URI; `null`: the mode has none.
    #[schemars(extend("enum" = ["integration", "issuer", "server", null]))]
    pub(crate) redirect_uri_per: Option<&'static str>,
    /// Where there is one for each authorization server: those of the hosts in `allowed_hosts`, by host.
    #[schemars(with = "BTreeMap<String, String>")]
    pub(crate) redirect_uris: Map<String, Value>,
    /// The rule for a refresh whose outcome is unknown; `null`: what the entry says.
    #[schemars(extend("enum" = ["retry", "final", null]))]
    pub(crate) unknown_outcome: Option<&'static str>,
}
