//! Where a request may go.
//!
//! An [`Egress`] is made per request from the provider's host set and what the operator lists. It answers two
//! questions: may this URL be asked ([`Egress::check_url`]), and may this address be connected to
//! ([`Egress::check_address`]). Both are needed: a name says nothing about where it resolves to.
//!
//! This module resolves no name and opens no connection; the transport asks it about every address.

mod host;
mod secret_owner;
mod target;

pub use keyway_format::host_pattern::HostPattern;
pub use secret_owner::SecretOwner;

use crate::error::{Error, ErrorKind, Result, Stage};
use crate::integration::IntegrationRecord;
use keyway_spec::{HostClass, HostSet, Hosts, Port, ProviderSpec, address};
use std::net::IpAddr;
use target::Target;
use url::Url;

/// The addresses that an operator allows beyond the catalogue. Everything is off by default.
///
/// ```
/// # use keyway_core::egress::EgressPolicy;
/// let strict = EgressPolicy::default();
/// assert!(!strict.allow_private && !strict.allow_http);
///
/// // For tests against a server on the own machine:
/// let local = EgressPolicy::default().allow_private(true).allow_http(true);
/// assert!(local.allow_private && local.allow_http);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EgressPolicy {
    /// Private and loopback addresses may be connected to. Never link-local ones (169.254.0.0/16, fe80::/10) and the
    /// other addresses at which clouds hand out their own credentials, and never those that are no host's (multicast,
    /// reserved, unspecified).
    pub allow_private: bool,
    /// Plain `http:` may be used.
    pub allow_http: bool,
}

impl EgressPolicy {
    /// Sets whether private and loopback addresses may be connected to.
    #[must_use]
    pub fn allow_private(mut self, allow: bool) -> EgressPolicy {
        self.allow_private = allow;
        self
    }

    /// Sets whether plain `http:` may be used.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> EgressPolicy {
        self.allow_http = allow;
        self
    }
}

/// Where one request may go: the hosts of its provider and use, widened by what the operator lists.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Egress {
    /// The operator's policy.
    pub policy: EgressPolicy,
    /// Patterns: see [`HostSet`]. Owned, because an operator's list is not in the spec.
    pub patterns: Vec<HostPattern>,
    /// The entry's patterns that are left out because a customer names a part of the host: decides what an error says.
    pub left_out: Vec<HostPattern>,
    /// Whose secret the request carries.
    pub carries: SecretOwner,
}

impl Egress {
    /// Hosts of these patterns, for a request with the customer's credential: what a test of a transport gives it.
    pub fn within(policy: EgressPolicy, patterns: Vec<HostPattern>) -> Egress {
        Egress { policy, patterns, left_out: Vec::new(), carries: SecretOwner::Customer }
    }

    /// API calls: the entry's API hosts, those that its author vouches for, and the operator's list.
    #[doc(hidden)]
    pub fn for_api(spec: &ProviderSpec, integration: &IntegrationRecord, policy: EgressPolicy) -> Egress {
        let patterns = [spec.hosts.api.patterns(), spec.hosts.trusted].concat();
        Egress::new(policy, SecretOwner::Customer, &patterns, integration)
    }

    /// API calls that carry a secret of the operator: hosts that no customer can name, what the entry's author vouches
    /// for, and the operator's list.
    #[doc(hidden)]
    pub fn for_api_with_operator_secret(
        spec: &ProviderSpec,
        integration: &IntegrationRecord,
        policy: EgressPolicy,
    ) -> Egress {
        Egress::with_operator_secret(&spec.hosts.api, spec.hosts.trusted, integration, policy)
    }

    fn with_operator_secret(
        set: &HostSet,
        trusted: &[&str],
        integration: &IntegrationRecord,
        policy: EgressPolicy,
    ) -> Egress {
        let (closed, open): (Vec<&str>, Vec<&str>) = set.patterns().iter().partition(|pattern| is_closed(set, pattern));
        let egress = Egress::new(policy, SecretOwner::Operator, &[&closed, trusted].concat(), integration);
        Egress { left_out: read(&open).collect(), ..egress }
    }

    /// Pages that a person is sent to: the entry's, and the host of the operator's own app page. They receive no
    /// credential.
    #[doc(hidden)]
    pub fn for_page(spec: &ProviderSpec, integration: &IntegrationRecord, policy: EgressPolicy) -> Egress {
        let mut egress = Egress::new(policy, SecretOwner::Customer, spec.hosts.authorize.patterns(), integration);
        let link = integration.app_link.as_deref().and_then(|link| Url::parse(link).ok());
        egress.patterns.extend(link.as_ref().and_then(exactly));
        egress
    }

    /// Token calls that carry only what the customer submitted.
    #[doc(hidden)]
    pub fn for_customer_token(spec: &ProviderSpec, integration: &IntegrationRecord, policy: EgressPolicy) -> Egress {
        let mut egress = Egress::new(policy, SecretOwner::Customer, spec.hosts.token.patterns(), integration);
        egress.patterns.extend(endpoints_of_operator(spec, integration, false));
        egress
    }

    /// Requests without any credential, before there is a token: discovery and registration.
    #[doc(hidden)]
    pub fn for_discovery(spec: &ProviderSpec, integration: &IntegrationRecord, policy: EgressPolicy) -> Egress {
        Egress::new(policy, SecretOwner::None, spec.hosts.token.patterns(), integration)
    }

    /// Token calls that carry a secret of the operator: hosts that no customer can name, what the entry's author
    /// vouches for, and the operator's list.
    #[doc(hidden)]
    pub fn for_operator_secret(spec: &ProviderSpec, integration: &IntegrationRecord, policy: EgressPolicy) -> Egress {
        let mut egress = Egress::with_operator_secret(&spec.hosts.token, spec.hosts.trusted, integration, policy);
        egress.patterns.extend(endpoints_of_operator(spec, integration, true));
        egress
    }

    /// The same set with the connection's own hosts in the place of the entry's patterns.
    ///
    /// A pattern with `*` holds the hosts of every customer: of those, a connection's credential may go to its own.
    /// The operator's list stays as it is, and so does a pattern that the entry's author vouches for beside hosts
    /// that no customer names. `own` are the URLs that the entry makes of this connection.
    #[must_use]
    pub(crate) fn with_own(mut self, hosts: &Hosts, integration: &IntegrationRecord, own: &[Url]) -> Egress {
        let listed: Vec<HostPattern> = listed(integration).collect();
        let names_no_customer = hosts.api.class() == HostClass::Fixed;
        let vouched: Vec<HostPattern> = read(hosts.trusted).filter(|_| names_no_customer).collect();
        let mut patterns = Vec::new();
        for pattern in std::mem::take(&mut self.patterns) {
            if !pattern.varies() || listed.contains(&pattern) || vouched.contains(&pattern) {
                patterns.push(pattern);
                continue;
            }
            let within = Egress { patterns: vec![pattern], ..self.clone() };
            let is_within = |url: &&Url| Target::of_host(url).is_ok_and(|target| within.check_host(&target).is_ok());
            patterns.extend(own.iter().filter(is_within).filter_map(exactly));
        }
        Egress { patterns, ..self }
    }

    /// True if a pattern of the set leaves a part of the host open.
    pub(crate) fn is_open(&self) -> bool {
        self.patterns.iter().any(HostPattern::varies)
    }

    /// The same set with the asked host in the place of "every public host".
    ///
    /// The set for a URL that an upstream names (a redirect, the link to the next page): that a customer may name
    /// any host does not mean that an answer may name another.
    #[doc(hidden)]
    #[must_use]
    pub fn narrowed_to(mut self, url: &Url) -> Egress {
        let Some(asked) = exactly(url) else { return Egress { patterns: Vec::new(), ..self } };
        for pattern in self.patterns.iter_mut().filter(|pattern| pattern.host == "*") {
            *pattern = asked.clone();
        }
        self
    }

    fn new(policy: EgressPolicy, carries: SecretOwner, patterns: &[&str], integration: &IntegrationRecord) -> Egress {
        let patterns = read(patterns).chain(listed(integration)).collect();
        Egress { policy, patterns, left_out: Vec::new(), carries }
    }

    /// True if a URL may be asked: its scheme, its host against the patterns, its port; a host that is an address,
    /// in any spelling, also by [`Egress::check_address`].
    pub fn check_url(&self, url: &Url) -> Result<()> {
        self.check(&Target::of_url(url)?)
    }

    /// [`Egress::check_url`] for what a transport is about to send: of a URI, the scheme and the authority. A host that
    /// is not written in its normal form is refused, so that the one that is checked is the one that is connected to.
    pub fn check_uri(&self, uri: &http::Uri) -> Result<()> {
        match Target::of_plain(uri) {
            Some(target) => self.check(&target),
            None => self.check_url(&target::parsed(uri)?),
        }
    }

    fn check(&self, target: &Target<'_>) -> Result<()> {
        match target.scheme {
            "https" => {}
            "http" if self.policy.allow_http => {}
            "http" => {
                let hint = "plain `http:` is not allowed: use `https:`, or allow http in the egress policy";
                return Err(refused(ErrorKind::HostNotAllowed, hint));
            }
            other => {
                let message = format!("the scheme `{other}` is not allowed: use `https:`");
                return Err(refused(ErrorKind::HostNotAllowed, message));
            }
        }
        self.check_host(target)
    }

    fn check_host(&self, target: &Target<'_>) -> Result<()> {
        if let Some(address) = target.address {
            self.check_address(address)?;
        }
        let admits = |pattern: &HostPattern| host::admits(pattern, target, self.policy.allow_private);
        if self.patterns.iter().any(admits) {
            return Ok(());
        }
        Err(self.outside(&target.name, target.port, self.left_out.iter().any(admits)))
    }

    /// True if an address may be connected to. Private, loopback and shared ones only if the policy allows them;
    /// link-local addresses, metadata services, multicast, reserved, documentation and IPv4-in-IPv6 addresses never.
    pub fn check_address(&self, address: IpAddr) -> Result<()> {
        check_address(&self.policy, address)
    }

    /// The error of a host outside of the set; `customers` says whether a customer's value named it.
    fn outside(&self, name: &str, port: Option<u16>, customers: bool) -> Error {
        let host = port.map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
        match self.carries {
            SecretOwner::Customer | SecretOwner::None => refused(
                ErrorKind::HostNotAllowed,
                format!(
                    "the host `{host}` is not one of the provider's: to allow it, list `{host}` in the \
                     integration's allowed hosts"
                ),
            ),
            SecretOwner::Operator => {
                let whose = if customers { "a customer named" } else { "is not one of the provider's" };
                refused(
                    ErrorKind::SecretHostNotAllowed,
                    format!(
                        "the client secret would go to `{host}`, which {whose}: to allow it, list `{host}` in the \
                         integration's allowed hosts, or in the entry's `keyway.hosts`"
                    ),
                )
            }
        }
    }
}

/// [`Egress::check_address`] for a resolver that serves many requests and knows only the policy.
pub fn check_address(policy: &EgressPolicy, address: IpAddr) -> Result<()> {
    let Some(refusal) = address::refusal(address) else { return Ok(()) };
    if refusal.allowed_as_private && policy.allow_private {
        return Ok(());
    }
    let hint =
        if refusal.allowed_as_private { ": allow private addresses in the egress policy to reach it" } else { "" };
    Err(refused(ErrorKind::HostNotAllowed, format!("the address `{address}` is {}{hint}", refusal.what)))
}

/// The patterns that the operator lists. A line that is not a pattern allows nothing; it is refused with a reason where
/// the operator enters it.
fn listed(integration: &IntegrationRecord) -> impl Iterator<Item = HostPattern> {
    integration.allowed_hosts.iter().filter_map(|line| HostPattern::parse(line).ok())
}

/// The pattern of one host and its port.
fn exactly(url: &Url) -> Option<HostPattern> {
    let port = url.port().map_or(Port::Default, Port::Fixed);
    Some(HostPattern { host: target::normalize(url.host_str()?).into_owned(), port })
}

/// Patterns of a spec.
fn read(patterns: &[&str]) -> impl Iterator<Item = HostPattern> {
    patterns.iter().filter_map(|text| HostPattern::parse(text).ok())
}

/// True if a pattern leaves no host to a customer. In an open set only whole names are certain not to.
fn is_closed(set: &HostSet, pattern: &str) -> bool {
    // The `*` of a port is not part of the host.
    set.class() < HostClass::Open || !pattern.strip_suffix(":*").unwrap_or(pattern).contains('*')
}

/// The hosts of the token endpoints that the operator set up: setting one up is listing it. `for_operator` says whether
/// the request carries a secret of the operator.
fn endpoints_of_operator(
    spec: &ProviderSpec,
    integration: &IntegrationRecord,
    for_operator: bool,
) -> impl Iterator<Item = HostPattern> {
    let settings = spec.auth.facts().endpoint_settings.iter();
    let settings = settings.filter(move |setting| for_operator || !setting.of_operator);
    settings.filter_map(|setting| exactly(&Url::parse(integration.custom.get(setting.name)?.expose()).ok()?))
}

fn refused(kind: ErrorKind, message: impl Into<String>) -> Error {
    Error::new(kind, message).stage(Stage::Egress).sent(false)
}

#[cfg(test)]
mod tests;
