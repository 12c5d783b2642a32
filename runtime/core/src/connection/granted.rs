//! The outcome of an exchange: a token, values kept with it, values that become configuration.

use super::ConfigMap;
use crate::credentials::Token;
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::fmt;

/// The outcome of an exchange.
#[derive(Clone, Default)]
pub struct Granted {
    /// The token; `None` for modes without one.
    pub token: Option<Token>,
    /// Values kept with the token: a token's secret, a session's cookie, a second token.
    pub obtained: BTreeMap<String, Secret>,
    /// The values that become configuration, by dotted path.
    pub metadata: ConfigMap,
}

impl fmt::Debug for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let obtained: Vec<&String> = self.obtained.keys().collect();
        let metadata: Vec<&String> = self.metadata.keys().collect();
        let mut shown = f.debug_struct("Granted");
        shown.field("token", &self.token).field("obtained", &obtained).field("metadata", &metadata).finish()
    }
}
