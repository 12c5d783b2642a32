//! Which redirect URI the flows of an integration have: what an operator registers with the vendor.
//!
//! Their shape is described in [`crate::redirect_uri`]; which issuers have one of their own, in
//! [`crate::auth::issuer`].

use super::keyway::Keyway;
use crate::auth::issuer;
use crate::error::{Error, ErrorKind, Result};
use crate::integration::IntegrationRecord;
use crate::redirect_uri::{of_issuer, own};
use keyway_spec::mode::Connect;
use keyway_spec::{Mode, ProviderSpec};
use url::Url;

/// The redirect URI of an integration's flows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedirectUri {
    /// None: the mode has no pages of the provider's.
    None,
    /// The plain one, which other integrations share, by choice
    /// ([`IntegrationRecord::shared_redirect_uri`]).
    Shared(String),
    /// The integration's own.
    Own(String),
    /// One for each authorization server, because a customer names it: [`RedirectUri::of_issuer`] says which. Where
    /// Keyway registers the client itself, no one else has to know them.
    PerIssuer {
        /// What they all begin with.
        base: String,
        /// True if an issuer is named by its identifier (RFC 8414), exactly; otherwise by its host.
        by_identifier: bool,
    },
}

impl RedirectUri {
    /// The redirect URI for an authorization server: `issuer` is its issuer identifier, exactly as its metadata has it,
    /// where it is discovered; otherwise its URL or its host (with a port that is not the scheme's own), or, where the
    /// entry has the authorization endpoint on another host than the token endpoint, both in this order with a blank
    /// between them.
    pub fn of_issuer(&self, issuer: &str) -> Result<Option<String>> {
        match self {
            RedirectUri::None => Ok(None),
            RedirectUri::Shared(uri) | RedirectUri::Own(uri) => Ok(Some(uri.clone())),
            RedirectUri::PerIssuer { base, by_identifier: true } => of_issuer(base, issuer).map(Some),
            RedirectUri::PerIssuer { base, by_identifier: false } => {
                let hosts: Vec<String> = issuer.split(' ').map(host).collect::<Result<_>>()?;
                of_issuer(base, &hosts.join(" ")).map(Some)
            }
        }
    }
}

impl Keyway {
    /// The redirect URI of an integration whose flows begin with `base` ([`super::Authorize::redirect_uri`]): what is
    /// to be registered with the vendor.
    pub async fn redirect_uri(&self, integration: &str, base: &str) -> Result<RedirectUri> {
        self.redirect_uri_of(&self.get_integration(integration).await?, base)
    }

    /// The same of a record that is at hand.
    pub fn redirect_uri_of(&self, integration: &IntegrationRecord, base: &str) -> Result<RedirectUri> {
        let spec = self.engine().catalogue.require(&integration.provider)?;
        if spec.auth.connect() != Connect::Interactive {
            return Ok(RedirectUri::None);
        }
        if issuer::is_customers(spec) {
            let by_identifier = spec.auth.kind() == Mode::McpOAuth2Generic;
            return Ok(RedirectUri::PerIssuer { base: of(spec, integration, base)?, by_identifier });
        }
        let uri = of(spec, integration, base)?;
        Ok(if integration.shared_redirect_uri { RedirectUri::Shared(uri) } else { RedirectUri::Own(uri) })
    }
}

/// The redirect URI of an integration; where there is one for each issuer, what they begin with.
pub(super) fn of(spec: &ProviderSpec, integration: &IntegrationRecord, base: &str) -> Result<String> {
    Url::parse(base).map_err(|_| Error::new(ErrorKind::InvalidValue, "the redirect URI is not an absolute URL"))?;
    if integration.shared_redirect_uri && !issuer::is_customers(spec) {
        return Ok(base.to_owned());
    }
    if integration.id.is_empty() {
        let message = "the store did not keep the integration's id, which its redirect URI needs";
        return Err(Error::new(ErrorKind::Internal, message));
    }
    own(base, &integration.id)
}

fn host(issuer: &str) -> Result<String> {
    let url = if issuer.contains("://") { Url::parse(issuer) } else { Url::parse(&format!("https://{issuer}")) };
    let url = url.ok().filter(Url::has_host);
    url.map(|url| issuer::authority(&url)).ok_or_else(|| {
        let message = "the issuer is neither a URL nor a host: write it as `https://host` or `host:port`";
        Error::new(ErrorKind::InvalidValue, message)
    })
}
