//! Base URLs: what every endpoint of an account stands below.
//!
//! A base is an absolute http(s) URL of host and path. It is the same for every call of an account, but where a call
//! names its own or a template uses the call's moment, so it is read once: see [`of`].

use super::{Inputs, invalid, missing, operator_placement};
use crate::auth;
use crate::egress::{Egress, EgressPolicy};
use crate::error::Result;
use crate::integration::IntegrationRecord;
use crate::template::position::has_dot_segment;
use crate::template::{Scope, Text, evaluate};
use keyway_spec::ProviderSpec;
use std::borrow::Cow;
use url::Url;

/// A base URL, read.
#[derive(Clone)]
pub struct BaseUrl {
    /// As it is written, without the slash at its end.
    text: String,
    url: Url,
}

/// May hold a credential, so it does not show itself.
impl std::fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BaseUrl")
    }
}

/// The base URL of a call of these inputs that names none of its own: of every one, where calls do not depend on their
/// moment ([`super::depends_on_moment`]). `None` where there is none; building a request says why.
#[doc(hidden)]
pub fn of(inputs: &Inputs<'_>) -> Option<BaseUrl> {
    BaseUrl::parse(&own(inputs, &inputs.scope()).ok()?).ok()
}

/// The base URL that the entry, the operator or the account says, whatever a call does.
pub(super) fn own<'a>(inputs: &Inputs<'a>, scope: &Scope<'_>) -> Result<Cow<'a, str>> {
    if let Some(base) = operator_placement::base_url(inputs) {
        return Ok(base.into());
    }
    if let Some(base) = inputs.integration.base_url.as_deref() {
        return Ok(base.into());
    }
    if let Some(base) = auth::own_base_url(inputs) {
        return Ok(base.into());
    }
    let Some(proxy) = &inputs.spec.proxy else {
        return Err(invalid(
            "the provider has no base URL: set one on the integration, or pass a base-URL override to a host that the \
             integration allows",
        ));
    };
    if let Some(base) = proxy.base_url.as_literal() {
        return Ok(base.into());
    }
    match evaluate(&proxy.base_url, scope)? {
        Text::Resolved(base) => auth::base_url(inputs, base.into()),
        Text::Unresolved(name) => Err(missing(name)),
    }
}

/// An error unless a text may be the base URL of an integration: it is one, is no template, and leads to an API host
/// of the entry or to one that the operator lists.
pub fn check_of_integration(spec: &ProviderSpec, integration: &IntegrationRecord, policy: EgressPolicy) -> Result<()> {
    let Some(base_url) = &integration.base_url else { return Ok(()) };
    if base_url.contains("${") {
        return Err(invalid("the base URL of an integration is no template: write the URL itself"));
    }
    Egress::for_api(spec, integration, policy).check_url(&BaseUrl::parse(base_url)?.url)
}

impl BaseUrl {
    /// A text as a base URL; an error where it is none. What follows a base is appended to it.
    pub(super) fn parse(text: &str) -> Result<BaseUrl> {
        let text = text.strip_suffix('/').unwrap_or(text);
        if is_more_than_a_base(text) {
            return Err(invalid("the base URL must be a host and a path, without a query or a fragment"));
        }
        let url = Url::parse(text).map_err(|_| invalid("the base URL is not a valid URL"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return Err(invalid("the base URL must begin with `https://` and a host"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("the base URL must not hold a user name or a password"));
        }
        // Values are encoded one by one; two of them, or one beside literal text, could still make a dot segment.
        let rest = text.strip_prefix("https://").or_else(|| text.split_once("://").map(|(_, rest)| rest));
        let path = rest.and_then(|rest| rest.split_once('/')).map_or("", |(_, path)| path);
        if has_dot_segment(path) {
            return Err(invalid("the base URL must not contain `.` or `..` as a part of its path"));
        }
        Ok(BaseUrl { text: text.to_owned(), url })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The same as a URL.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The path before the slash of an endpoint. A URL has a path where its text has none.
    pub(super) fn path(&self) -> &str {
        let path = self.url.path();
        if path == "/" && !self.text.ends_with('/') { "" } else { path }
    }
}

/// True if a text holds what no host and path does. Bytes first, because this is asked of every base that a call names.
fn is_more_than_a_base(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_control() || matches!(byte, b' ' | b'?' | b'#' | b'\\'))
        || (!text.is_ascii() && text.chars().any(|c| c.is_whitespace() || c.is_control()))
}
