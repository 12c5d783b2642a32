//! What an exchange granted: a token, what is kept beside it, what becomes configuration.

use super::ConfigMap;
use crate::credentials::Token;
use crate::secret::Secret;
use std::collections::BTreeMap;
use std::fmt;

/// What an exchange ended with.
#[derive(Clone, Default)]
pub struct Granted {
    /// The token; `None` for modes without one.
    pub token: Option<Token>,
    /// What is kept beside the token: a token's secret, a session's cookie, a second token.
    pub obtained: BTreeMap<String, Secret>,
    /// What becomes configuration, by dotted path.
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
