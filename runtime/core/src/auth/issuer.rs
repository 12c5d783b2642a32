//! The authorization server of a flow, as far as it is known before it answers.
//!
//! Where the entry names the server, the entry's author vouches for it, and so for everything below a domain of the
//! vendor (`*.vendor.com`): whatever stands there is the vendor's. Where a customer names the whole host, or an MCP
//! server does, an attacker may be behind it. Pure.

use super::exchange::Callback;
use super::oauth2::authorize;
use super::token_request::url;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::template::{Text, evaluate};
use keyway_spec::auth::TokenEndpoint;
use keyway_spec::{Auth, HostClass, HostSet, Hosts, Mode, ProviderSpec};
use url::Url;

/// True if the authorization server of a connection is of the customer's choosing.
pub fn is_customers(spec: &ProviderSpec) -> bool {
    let open = |set: &HostSet| set.class() == HostClass::Open;
    let row = spec.auth.facts();
    // The page of an app is the operator's own: only the token endpoint can be of the customer's choosing.
    let by_entry = || open(&spec.hosts.token) || (!row.app_page && open(&spec.hosts.authorize));
    row.code_flow && (spec.auth.code_flow().is_none() || by_entry())
}

/// The name of the server that a customer named, for its redirect URI: the authorities of the authorization endpoint
/// and of the token endpoint, once if they are the same. `None` where the entry names the server, and where it takes
/// discovery to find out.
pub fn named(inputs: &Inputs<'_>) -> Result<Option<String>> {
    if !is_customers(inputs.spec) {
        return Ok(None);
    }
    let Some((rules, endpoint)) = inputs.spec.auth.code_flow() else { return Ok(None) };
    let mut parts = Vec::new();
    if rules.url.is_some() && !inputs.spec.auth.facts().app_page {
        parts.push(authority(&authorize::base(inputs, rules)?));
    }
    parts.extend(token_authority(inputs, endpoint)?);
    parts.dedup();
    Ok(Some(parts.join(" ")))
}

/// Refuses an answer whose `iss` is not the flow's authorization server (RFC 9207 section 2.4).
///
/// `page` is where the browser was sent. Discovery knows the issuer itself and compares all of it
/// ([`super::mcp_oauth2_generic`]). An entry does not name its issuer, so here it is held by its host: the one of an
/// endpoint of the flow, or one that the entry names itself.
pub fn check(inputs: &Inputs<'_>, callback: &Callback, page: &str) -> Result<()> {
    let Some(issuer) = callback.get("iss") else { return Ok(()) };
    if inputs.spec.auth.kind() == Mode::McpOAuth2Generic {
        return Ok(());
    }
    let refused = || {
        let message = "the answer names another authorization server (`iss`) than this flow's: nothing was sent, start \
                       again";
        Error::new(ErrorKind::AuthorizationDenied, message)
    };
    let issuer = Url::parse(issuer).map(|url| authority(&url)).map_err(|_| refused())?;
    let mut known: Vec<String> = Url::parse(page).iter().map(authority).collect();
    if let Some((_, endpoint)) = inputs.spec.auth.code_flow() {
        known.extend(token_authority(inputs, endpoint)?);
    } else if let Auth::OAuth1(mode) = inputs.spec.auth {
        known.extend(Url::parse(mode.token_url).iter().map(authority));
    }
    let vouched_for = !is_customers(inputs.spec) && of_entry(&inputs.spec.hosts).any(|host| host == issuer);
    if vouched_for || known.contains(&issuer) { Ok(()) } else { Err(refused()) }
}

/// The host of a URL, with the port if it is not the scheme's default.
pub fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
    url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
}

/// The hosts that the entry names without a customer's part in them.
fn of_entry(hosts: &Hosts) -> impl Iterator<Item = &str> {
    let fixed = [hosts.authorize, hosts.token, hosts.api].into_iter().filter(|set| set.class() == HostClass::Fixed);
    fixed.flat_map(|set| set.patterns()).chain(hosts.trusted).copied()
}

/// `None` while the URL needs a value that only the callback brings.
fn token_authority(inputs: &Inputs<'_>, endpoint: &TokenEndpoint) -> Result<Option<String>> {
    match evaluate(&endpoint.url, &inputs.scope())? {
        Text::Unresolved(_) => Ok(None),
        Text::Resolved(_) => url(&endpoint.url, &inputs.scope()).map(|url| Some(authority(&url))),
    }
}
