//! The public metadata document of an integration's client (OAuth Client ID Metadata Document).
//!
//! Absent here: serving it.

use super::Keyway;
use crate::auth::registration;
use crate::error::{Error, ErrorKind, Result};
use keyway_spec::Auth;
use serde_json::{Map, Value};

impl Keyway {
    /// What is to be served under the base URL of [`crate::Builder::client_metadata`], followed by the integration's
    /// key: who the client is, and that browsers come back to `redirect_uri`. Holds no secret.
    ///
    /// [`ErrorKind::UnknownIntegration`] also for integrations that need no such document: their existence is nobody's
    /// business.
    pub async fn client_metadata(&self, integration: &str, redirect_uri: &str) -> Result<Map<String, Value>> {
        let unknown = || {
            let message = format!("there is no metadata document of `{integration}`");
            Error::new(ErrorKind::UnknownIntegration, message)
        };
        let (record, spec) = self.parts.integration(integration).await.map_err(|error| match error.kind() {
            ErrorKind::UnknownIntegration | ErrorKind::UnknownProvider => unknown(),
            _ => error,
        })?;
        if !matches!(spec.auth, Auth::McpOAuth2(_) | Auth::McpOAuth2Generic) {
            return Err(unknown());
        }
        let url = self.parts.document_url(integration).ok_or_else(unknown)?;
        Ok(registration::document(spec.display_name, &record, &url, redirect_uri))
    }
}
