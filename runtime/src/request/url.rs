//! The URL: the provider's base, then the caller's endpoint below it.
//!
//! The endpoint is never a template. It may be an absolute URL if that is below the same base; it cannot name another
//! host, and `..` cannot climb out of the base's path. Absent here: query parameters beside the endpoint's own.

use super::{Call, Inputs, invalid, missing};
use crate::error::Result;
use crate::template::position::has_dot_segment;
use crate::template::{Scope, Text, evaluate};
use keyway_spec::Auth;
use url::Url;

/// The joined URL, without a fragment.
pub(super) fn build(inputs: &Inputs<'_>, scope: &Scope<'_>, call: &Call) -> Result<Url> {
    let base = base(inputs, scope, call)?;
    let base = base.strip_suffix('/').unwrap_or(&base);
    let base_url = parse_base(base)?;
    let endpoint = relative(&base_url, &call.endpoint)?;
    if endpoint.chars().any(char::is_control) {
        return Err(invalid("the endpoint holds a control character: percent-encode it"));
    }
    let joined = if endpoint.is_empty() {
        base.to_owned()
    } else if endpoint.starts_with(['?', '#']) {
        format!("{base}{endpoint}")
    } else {
        format!("{base}/{endpoint}")
    };
    let mut url = Url::parse(&joined).map_err(|_| invalid("the endpoint does not make a valid URL"))?;
    if url.origin() != base_url.origin() || !is_below(url.path(), base_url.path()) {
        return Err(invalid("the endpoint leaves the path of the base URL: leave out the `..`"));
    }
    url.set_fragment(None);
    Ok(url)
}

fn base(inputs: &Inputs<'_>, scope: &Scope<'_>, call: &Call) -> Result<String> {
    if let Some(base) = call.base_url_override.as_deref().filter(|base| !base.is_empty()) {
        return Ok(base.to_owned());
    }
    // One service has many endpoints: the account names its own, inside the same host set.
    if matches!(inputs.spec.auth, Auth::AwsSigV4)
        && let Some(base) = inputs.config.get("base_url").filter(|base| !base.is_empty())
    {
        return Ok(base.clone());
    }
    let Some(proxy) = &inputs.spec.proxy else {
        return Err(invalid(
            "the provider has no base URL: pass a base-URL override to a host that the integration allows",
        ));
    };
    match evaluate(&proxy.base_url, scope)? {
        Text::Resolved(base) => Ok(base),
        Text::Unresolved(name) => Err(missing(&name)),
    }
}

/// A base must be an absolute http(s) URL of host and path: what follows is appended to its text.
fn parse_base(text: &str) -> Result<Url> {
    if text.contains(['?', '#', '\\']) || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
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
    let path = text.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    if has_dot_segment(path) {
        return Err(invalid("the base URL must not contain `.` or `..` as a part of its path"));
    }
    Ok(url)
}

/// The endpoint relative to the base: leading slashes gone, and the base itself where the endpoint repeats it.
fn relative<'e>(base: &Url, endpoint: &'e str) -> Result<&'e str> {
    let scheme = endpoint.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    if !matches!(scheme.as_deref(), Some("http" | "https")) {
        return Ok(endpoint.trim_start_matches('/'));
    }
    let absolute = Url::parse(endpoint).map_err(|_| invalid("the endpoint is not a valid URL"))?;
    let anonymous = absolute.username().is_empty() && absolute.password().is_none();
    if absolute.origin() != base.origin() || !anonymous {
        return Err(invalid(format!(
            "the endpoint names the host `{}`, which is not that of the base URL: pass a path, or a base-URL override",
            absolute.host_str().unwrap_or_default()
        )));
    }
    let outside = || invalid("the endpoint is outside of the base URL's path: pass a path relative to the base URL");
    if !is_below(absolute.path(), base.path()) {
        return Err(outside());
    }
    // The caller's own text behind the authority, so that nothing is decoded and encoded again.
    let rest = endpoint.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find(['/', '?', '#']).and_then(|at| rest.get(at..)).unwrap_or("");
    let path = path.strip_prefix(base.path().trim_end_matches('/')).ok_or_else(outside)?;
    Ok(path.trim_start_matches('/'))
}

/// Whether a normalized path is a base path or continues it at a segment boundary.
fn is_below(path: &str, base: &str) -> bool {
    let base = base.strip_suffix('/').unwrap_or(base);
    path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
