//! The metadata of an authorization server (RFC 8414, or OpenID Connect Discovery).
//!
//! The metadata must name the issuer that was asked for, else one server could pass for another (RFC 8414 section 3.3;
//! RFC 9700 section 4.4). Not supported: signed metadata.

use super::metadata::{members, not_weaker, refused, texts, well_known};
use crate::auth::registration::{BASIC, POST};
use crate::auth::replay::{Replay, Stop};
use crate::auth::token_request::TokenRequest;
use crate::auth::unsupported;
use crate::error::{Error, ErrorKind, Result};
use serde_json::{Map, Value};
use url::Url;

/// An authorization server that the flow can use.
pub(super) struct Authority {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    /// Where clients register; `None` also where what stands there is not a URL.
    pub(super) registration_endpoint: Option<Url>,
    pub(super) scopes: Vec<String>,
    /// True if a client id may be the URL of a metadata document.
    pub(super) reads_documents: bool,
    /// True if answers name their issuer (RFC 9207).
    pub(super) sends_issuer: bool,
    auth_methods: Vec<String>,
    grant_types: Vec<String>,
    prompts: Vec<String>,
}

/// Asks at the well-known places until there is metadata. With `optional`, a server that cannot be reached is one that
/// has none: there are others to try.
pub(super) fn find(issuer: &str, optional: bool, replay: &mut Replay<'_>) -> Result<Authority, Stop> {
    let url = Url::parse(issuer).ok().filter(|url| url.query().is_none() && url.fragment().is_none());
    let url = url.ok_or_else(|| refused("the authorization server's issuer identifier is not a URL"))?;
    for place in places(&url) {
        let request = TokenRequest { optional, ..TokenRequest::discovery(place) };
        if let Some(members) = members(replay.answer(request)?) {
            return Ok(read(issuer, &url, &members)?);
        }
    }
    let message =
        "the MCP server's authorization server publishes no metadata (RFC 8414): it cannot be connected this way";
    Err(Error::new(ErrorKind::Unsupported, message).into())
}

impl Authority {
    /// The client authentication to register with: preferably none, since the client has PKCE.
    pub(super) fn auth_method(&self) -> Result<&'static str> {
        const KNOWN: [&str; 3] = ["none", POST, BASIC];
        // An absent list means that one method (RFC 8414 section 2).
        if self.auth_methods.is_empty() {
            return Ok(BASIC);
        }
        let known = KNOWN.into_iter().find(|known| self.auth_methods.iter().any(|method| method == known));
        known.ok_or_else(|| {
            let message = "the authorization server takes no client authentication that is known here: register a \
                           client by hand and set its client id on the integration";
            Error::new(ErrorKind::Unsupported, message)
        })
    }

    /// The grants that a client registers for.
    pub(super) fn grants(&self) -> Vec<&'static str> {
        let refreshes = self.grant_types.is_empty() || self.grant_types.iter().any(|grant| grant == "refresh_token");
        if refreshes { vec!["authorization_code", "refresh_token"] } else { vec!["authorization_code"] }
    }

    /// True if a person has to be asked again for a refresh token (OpenID Connect Core section 11), as far as the
    /// server lets that be asked for.
    pub(super) fn takes_consent_prompt(&self) -> bool {
        let listed = self.prompts.is_empty() || self.prompts.iter().any(|prompt| prompt == "consent");
        listed && !self.authorization_endpoint.query_pairs().any(|(name, _)| name == "prompt")
    }
}

/// RFC 8414 section 3.1, then the two places of OpenID Connect Discovery. An issuer's final slash is left out by the
/// RFC; where there is nothing, it is put back.
fn places(issuer: &Url) -> Vec<Url> {
    const OAUTH: &str = "oauth-authorization-server";
    const OPENID: &str = "openid-configuration";
    let path = issuer.path().trim_end_matches('/');
    let mut places = vec![well_known(issuer, OAUTH, path), well_known(issuer, OPENID, path)];
    if !path.is_empty() {
        let mut behind = issuer.clone();
        behind.set_path(&format!("{path}/.well-known/{OPENID}"));
        places.push(behind);
        if issuer.path() != path {
            places.push(well_known(issuer, OAUTH, issuer.path()));
        }
    }
    places
}

fn read(issuer: &str, url: &Url, members: &Map<String, Value>) -> Result<Authority> {
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    let named = text("issuer").unwrap_or_default();
    // A bare origin and one with a slash are one issuer.
    if named.trim_end_matches('/') != issuer.trim_end_matches('/') {
        return Err(refused("the authorization server's metadata names another issuer than was asked for"));
    }
    unsupported::check_authority(members)?;
    let endpoint = |name: &str| -> Result<Url> {
        let endpoint = text(name).and_then(|text| Url::parse(text).ok());
        let endpoint =
            endpoint.ok_or_else(|| refused(format!("the authorization server's metadata has no `{name}`")))?;
        not_weaker(url, &endpoint)?;
        Ok(endpoint)
    };
    if !texts(members, "code_challenge_methods_supported").iter().any(|method| method == "S256") {
        let message = "the authorization server does not say that it supports PKCE with `S256` (RFC 7636), which this \
                       flow needs";
        return Err(Error::new(ErrorKind::Unsupported, message));
    }
    let flag = |name: &str| members.get(name).and_then(Value::as_bool).unwrap_or(false);
    Ok(Authority {
        issuer: named.to_owned(),
        authorization_endpoint: endpoint("authorization_endpoint")?,
        token_endpoint: endpoint("token_endpoint")?,
        registration_endpoint: endpoint("registration_endpoint").ok(),
        scopes: texts(members, "scopes_supported"),
        reads_documents: flag("client_id_metadata_document_supported"),
        sends_issuer: flag("authorization_response_iss_parameter_supported"),
        auth_methods: texts(members, "token_endpoint_auth_methods_supported"),
        grant_types: texts(members, "grant_types_supported"),
        prompts: texts(members, "prompt_values_supported"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuers_final_slash_is_left_out_first() {
        const OAUTH: &str = "/.well-known/oauth-authorization-server";
        const OPENID: &str = "/.well-known/openid-configuration";
        let places = |issuer: &str| -> Vec<String> {
            places(&Url::parse(issuer).unwrap()).into_iter().map(|place| place.path().to_owned()).collect()
        };
        assert_eq!(places("https://as.test/"), [OAUTH, OPENID]);
        let of_path = [format!("{OAUTH}/as"), format!("{OPENID}/as"), format!("/as{OPENID}")];
        assert_eq!(places("https://as.test/as"), of_path);
        let with_slash = [&of_path[..], &[format!("{OAUTH}/as/")]].concat();
        assert_eq!(places("https://as.test/as/"), with_slash);
    }
}
