//! What a redirect flow remembers between its start ([`super::authorize`]) and its end ([`super::finish`]).

use crate::connection::ConfigMap;
use crate::secret::Secret;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a person has to come back.
pub(super) const FLOW_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// A flow between its start and its end, as the ticket holds it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Flow {
    /// The integration's key then, and its id: a key may be given to another integration, and a code belongs to this
    /// one alone.
    pub(super) integration: String,
    #[serde(default)]
    pub(super) integration_id: String,
    pub(super) id: String,
    pub(super) config: ConfigMap,
    pub(super) redirect_uri: String,
    /// The origin of the page that the browser was sent to.
    #[serde(default)]
    pub(super) page: String,
    pub(super) verifier: String,
    /// A hash.
    pub(super) binding: String,
    /// The ticket of the connect session that the flow is for: used up when the flow ends well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) kept: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) credentials: BTreeMap<String, String>,
}

/// Secrets as a ticket holds them.
pub(super) fn exposed(secrets: BTreeMap<String, Secret>) -> BTreeMap<String, String> {
    secrets.into_iter().map(|(name, value)| (name, value.expose().to_owned())).collect()
}

/// The secrets that a ticket holds.
pub(super) fn secrets(texts: BTreeMap<String, String>) -> BTreeMap<String, Secret> {
    texts.into_iter().map(|(name, text)| (name, Secret::from(text))).collect()
}
