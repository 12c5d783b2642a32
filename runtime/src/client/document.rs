//! The public metadata document of an integration's client (OAuth Client ID Metadata Document).

use super::keyway::Keyway;
use super::redirect_uri;
use crate::auth::{issuer, registration};
use crate::error::{Error, ErrorKind, Result};
use crate::redirect_uri::{below, is_issuer_name};
use keyway_spec::mode::Client;
use serde_json::{Map, Value};

impl Keyway {
    /// What is to be served under the base URL of [`crate::Builder::client_metadata`], followed by the integration's
    /// key: who the client is, and where browsers come back to. Holds no secret.
    ///
    /// `base` is what redirect URIs begin with ([`super::Authorize::redirect_uri`]). Where there is one for each
    /// authorization server, so is a document: `issuer` is the path segment after the key.
    ///
    /// [`ErrorKind::UnknownIntegration`] also for integrations that need no such document: their existence is not
    /// public.
    pub async fn client_metadata(
        &self,
        integration: &str,
        issuer: Option<&str>,
        base: &str,
    ) -> Result<Map<String, Value>> {
        let unknown = || {
            let message = format!("there is no metadata document of `{integration}`");
            Error::new(ErrorKind::UnknownIntegration, message)
        };
        let (record, spec) = self.engine().integration(integration).await.map_err(|error| match error.kind() {
            ErrorKind::UnknownIntegration | ErrorKind::UnknownProvider => unknown(),
            _ => error,
        })?;
        if spec.auth.facts().client != Client::RegistersItself {
            return Err(unknown());
        }
        let (url, uri) =
            (self.engine().document_url(integration).ok_or_else(unknown)?, redirect_uri::of(spec, &record, base)?);
        let (url, uri) = match (issuer::is_customers(spec), issuer) {
            (false, None) => (url, uri),
            (true, Some(name)) if is_issuer_name(name) => (below(&url, name)?, below(&uri, name)?),
            _ => return Err(unknown()),
        };
        Ok(registration::document(spec.display_name, &record, &url, &uri))
    }
}
