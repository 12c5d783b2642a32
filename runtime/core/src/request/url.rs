//! The URL: the provider's base, then the caller's endpoint below it.
//!
//! The endpoint is never a template, and its path is sent as it was given: what a URL parser would resolve (`.` and
//! `..` in any spelling, `\`, a leading `//`) is refused instead, because another path is another resource. An absolute
//! URL below the same base is that path; one on another host is text like any other and becomes a path of the base, so
//! that no endpoint names a host. Only what no URI can hold (RFC 3986 section 2), a space say, is percent-encoded.
//! Further query parameters are added in `query`.

use super::{Call, Inputs, invalid, missing, operator_placement};
use crate::auth;
use crate::error::Result;
use crate::template::position::has_dot_segment;
use crate::template::{Scope, Text, evaluate};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::borrow::Cow;
use url::Url;

/// The URL of a call without its query, and the endpoint's own query as it will be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) url: Url,
    pub(super) query: Option<String>,
}

/// The joined URL, without a fragment.
pub(super) fn build(inputs: &Inputs<'_>, scope: &Scope<'_>, call: &Call) -> Result<Joined> {
    let base = base(inputs, scope, call)?;
    if call.endpoint.is_empty() && overridden(call).is_none() {
        return Err(invalid("the endpoint is empty: pass a path, or `/` for the base URL itself"));
    }
    joined(&base, &call.endpoint)
}

/// The caller's own base URL.
fn overridden(call: &Call) -> Option<&str> {
    call.base_url_override.as_deref().filter(|base| !base.is_empty())
}

fn joined(base: &str, endpoint: &str) -> Result<Joined> {
    let (path, query) = parts(endpoint)?;
    let base = base.strip_suffix('/').unwrap_or(base);
    if let Some(of_base) = plain_path(base).filter(|_| !is_absolute(path)) {
        let url = parse_joined(base, relative_path(path)?)?;
        check_base(&url)?;
        return Ok(Joined { url: below(url, of_base)?, query });
    }
    let base_url = parse_base(base)?;
    let url = parse_joined(base, relative(base, &base_url, path)?)?;
    if url.origin() != base_url.origin() {
        return Err(leaves());
    }
    Ok(Joined { url: below(url, base_url.path())?, query })
}

/// The path and the query of an endpoint; an error where a URL parser would send another path than this one.
fn parts(endpoint: &str) -> Result<(&str, Option<String>)> {
    if endpoint.chars().any(char::is_control) {
        return Err(invalid("the endpoint holds a control character: percent-encode it"));
    }
    let (endpoint, _fragment) = endpoint.split_once('#').unwrap_or((endpoint, ""));
    let (path, query) = endpoint.split_once('?').map_or((endpoint, None), |(path, query)| (path, Some(query)));
    if path.contains('\\') {
        return Err(invalid("the endpoint's path holds a `\\`: write `/`, or `%5C` where the character is meant"));
    }
    if has_dot_segment(path) {
        return Err(invalid(
            "the endpoint's path holds a `.` or `..` segment, which would lead to another path than the one that is \
             written: leave it out",
        ));
    }
    Ok((path, query.map(sent_query)))
}

/// A query as it is sent: as it is written, but for what a request line cannot hold.
pub fn sent_query(written: &str) -> String {
    utf8_percent_encode(written, NOT_IN_QUERY).to_string()
}

/// The characters that a query cannot hold (RFC 3986 section 3.4), as far as URL parsers encode it. A quotation mark
/// `'` can stand in one.
const NOT_IN_QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>');

/// A path after the slash that joins it to the base.
fn relative_path(path: &str) -> Result<&str> {
    let relative = path.strip_prefix('/').unwrap_or(path);
    if relative.starts_with('/') {
        return Err(invalid("the endpoint begins with `//`: begin it with one `/`"));
    }
    Ok(relative)
}

/// The path of a base that a URL parser leaves as it is. Such a base is not parsed by itself: its scheme and authority
/// end at the first slash, so those of the joined URL are the base's.
fn plain_path(base: &str) -> Option<&str> {
    let rest = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"))?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b':' | b'/');
    let (authority, _) = rest.split_once('/').unwrap_or((rest, ""));
    let path = rest.get(authority.len()..)?;
    (!authority.is_empty() && rest.bytes().all(plain) && !has_dot_segment(path.trim_start_matches('/'))).then_some(path)
}

/// The base with a path below it. Spaces are encoded here: a URL parser drops those at the end.
fn parse_joined(base: &str, path: &str) -> Result<Url> {
    let separator = if path.is_empty() { "" } else { "/" };
    let path = if path.contains(' ') { Cow::from(path.replace(' ', "%20")) } else { path.into() };
    let text = [base, separator, &*path].concat();
    Url::parse(&text).map_err(|_| invalid("the endpoint does not make a valid URL"))
}

fn below(mut url: Url, base: &str) -> Result<Url> {
    if !is_below(url.path(), base) {
        return Err(leaves());
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

fn leaves() -> crate::Error {
    invalid("the endpoint leaves the path of the base URL: leave out the `..`")
}

fn base<'a>(inputs: &Inputs<'a>, scope: &Scope<'_>, call: &'a Call) -> Result<Cow<'a, str>> {
    match overridden(call) {
        Some(base) => Ok(base.into()),
        None => own(inputs, scope),
    }
}

/// The base URL that the entry, the operator or the account says, whatever a call does.
pub(super) fn own<'a>(inputs: &Inputs<'a>, scope: &Scope<'_>) -> Result<Cow<'a, str>> {
    if let Some(base) = operator_placement::base_url(inputs) {
        return Ok(base.into());
    }
    if let Some(base) = auth::own_base_url(inputs) {
        return Ok(base.into());
    }
    let Some(proxy) = &inputs.spec.proxy else {
        return Err(invalid(
            "the provider has no base URL: pass a base-URL override to a host that the integration allows",
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

/// A base must be an absolute http(s) URL of host and path: what follows is appended to its text.
fn parse_base(text: &str) -> Result<Url> {
    if text.contains(['?', '#', '\\']) || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(invalid("the base URL must be a host and a path, without a query or a fragment"));
    }
    let url = Url::parse(text).map_err(|_| invalid("the base URL is not a valid URL"))?;
    check_base(&url)?;
    // Values are encoded one by one; two of them, or one beside literal text, could still make a dot segment.
    let path = text.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map_or("", |(_, path)| path);
    if has_dot_segment(path) {
        return Err(invalid("the base URL must not contain `.` or `..` as a part of its path"));
    }
    Ok(url)
}

fn check_base(url: &Url) -> Result<()> {
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(invalid("the base URL must begin with `https://` and a host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("the base URL must not hold a user name or a password"));
    }
    Ok(())
}

fn is_absolute(endpoint: &str) -> bool {
    let scheme = endpoint.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// An endpoint's path relative to the base: without its leading slash, and without the base itself where the endpoint
/// repeats it. What is absolute and not on the base's host stays as it is, the base's own text in front of it gone.
fn relative<'e>(base: &str, base_url: &Url, endpoint: &'e str) -> Result<&'e str> {
    if !is_absolute(endpoint) {
        return relative_path(endpoint);
    }
    let absolute = match Url::parse(endpoint) {
        Ok(absolute) if absolute.host() == base_url.host() => absolute,
        _ => {
            tracing::warn!(
                target: "keyway::request::url",
                "an absolute endpoint on another host is a path of the base URL: override the base instead"
            );
            return Ok(endpoint.strip_prefix(base).unwrap_or(endpoint));
        }
    };
    let anonymous = absolute.username().is_empty() && absolute.password().is_none();
    if absolute.origin() != base_url.origin() || !anonymous {
        return Err(invalid("the endpoint names another scheme, port or user than the base URL: pass a path"));
    }
    let outside = || invalid("the endpoint is outside of the base URL's path: pass a path relative to the base URL");
    if !is_below(absolute.path(), base_url.path()) {
        return Err(outside());
    }
    // The caller's own text after the authority, so that nothing is decoded and encoded again.
    let rest = endpoint.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("");
    relative_path(path.strip_prefix(base_url.path().trim_end_matches('/')).ok_or_else(outside)?)
}

/// True if a normalized path is a base path or continues it at a segment boundary.
fn is_below(path: &str, base: &str) -> bool {
    let base = base.strip_suffix('/').unwrap_or(base);
    path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The URL that results from parsing the base alone.
    fn slowly(base: &str, endpoint: &str) -> Option<Joined> {
        let (path, query) = parts(endpoint).ok()?;
        let base = base.strip_suffix('/').unwrap_or(base);
        let base_url = parse_base(base).ok()?;
        let url = parse_joined(base, relative(base, &base_url, path).ok()?).ok()?;
        let url = (url.origin() == base_url.origin()).then(|| below(url, base_url.path()).ok())??;
        Some(Joined { url, query })
    }

    #[test]
    fn a_plain_base_leads_where_a_parsed_one_does() {
        let bases = [
            "https://api.vendor.com",
            "https://api.vendor.com/",
            "https://api.vendor.com/v1/",
            "https://api.vendor.com/v1//",
            "https://api.vendor.com//v1",
            "https://API.vendor.com:443/V1/~a_b-c.d",
            "http://127.0.0.1:8080/api",
            "http://0x7f.1/api",
            "https://api.vendor.com:99999/v1",
            "https://api.vendor.com:/v1",
            "https://:443/v1",
            "https://a:b:c/v1",
            "https://api..vendor.com/v1",
            "https://.../v1",
            "https://api.vendor.com/v1/..",
            "https://api.vendor.com/./v1",
            "https:///api.vendor.com/v1",
            "https://",
            "https:/",
            "http:api.vendor.com",
            "ftp://api.vendor.com",
            "https://user@api.vendor.com/v1",
            "https://api.vendor.com/v 1",
            "https://api.vendor.com/v1?x",
            "https://api.vendor.com/%2e%2e/v1",
            "https://api.vendor.com/\u{fc}",
            "https://\u{fc}.vendor.com/v1",
            "https://[::1]/v1",
        ];
        let endpoints = [
            "",
            "/",
            "x",
            "//x",
            "?a=1",
            "#f",
            "/a/../b",
            "/../x",
            "/..",
            "/%2E%2e/x",
            "/..\\x",
            "@evil.net",
            ":80/x",
            "\\x",
            "/a b?c#d",
            "/a ",
            "/a/./",
            "/a/%2E",
            "?q='&r=%27&s=\"<ä>",
            "https://api.vendor.com/v1/x",
            "https://api.vendor.com.evil.net/x",
            "https://evil.net",
            "https://evil.net/../../..",
            "HTTPS://api.vendor.com/v1",
            "x://y",
            "\t/..",
        ];
        for base in bases {
            for endpoint in endpoints {
                assert_eq!(joined(base, endpoint).ok(), slowly(base, endpoint), "{base} {endpoint:?}");
            }
        }
        assert!(bases.iter().filter(|base| plain_path(base).is_some()).count() > 10, "the short way is not taken");
    }
}
