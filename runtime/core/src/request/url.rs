//! The URL: the provider's base, then the caller's endpoint below it.
//!
//! The endpoint is never a template, and its path is sent as it was given: what a URL parser would resolve (`.` and
//! `..` in any spelling, `\`, a leading `//`) is refused instead, because another path is another resource. An absolute
//! URL below the same base is that path; one on another host is text like any other and becomes a path of the base, so
//! that no endpoint names a host, or it is an error where the call says so. Only what no URI can hold (RFC 3986
//! section 2), a space say, is percent-encoded. Further query parameters are added in `query`.

use super::base::{self, BaseUrl};
use super::{Call, Inputs, invalid};
use crate::error::Result;
use crate::template::Scope;
use crate::template::position::has_dot_segment;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::borrow::Cow;
use url::Url;

/// The URL of a call without its query, and the endpoint's own query as it will be sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) url: Url,
    pub(super) query: Option<String>,
}

/// The joined URL, without a fragment. `base` is the account's own, where it is known already.
pub(super) fn build(inputs: &Inputs<'_>, scope: &Scope<'_>, call: &Call, base: Option<&BaseUrl>) -> Result<Joined> {
    let overridden = call.base_url_override.as_deref().filter(|base| !base.is_empty());
    let read = match (overridden, base) {
        (Some(base), _) => Cow::Owned(BaseUrl::parse(base)?),
        (None, Some(base)) => Cow::Borrowed(base),
        (None, None) => Cow::Owned(BaseUrl::parse(&base::own(inputs, scope)?)?),
    };
    if call.endpoint.is_empty() && overridden.is_none() {
        return Err(invalid("the endpoint is empty: pass a path, or `/` for the base URL itself"));
    }
    if call.refuse_other_hosts {
        check_host(&read, &call.endpoint)?;
    }
    joined(&read, &call.endpoint)
}

/// An error for an absolute endpoint on another host than the base's.
fn check_host(base: &BaseUrl, endpoint: &str) -> Result<()> {
    let other = |url: Url| url.host() != base.url().host();
    if !is_absolute(endpoint) || !Url::parse(endpoint).map_or(true, other) {
        return Ok(());
    }
    // The host of the entry or the operator, which may hold a part that the customer named; no path and no query.
    let host = base.url().host_str().unwrap_or_default();
    Err(invalid(format!(
        "the path is a URL on another host than the base URL's, `{host}`: pass a path, or name that host as the base URL \
         of the call"
    )))
}

fn joined(base: &BaseUrl, endpoint: &str) -> Result<Joined> {
    let (path, query) = parts(endpoint)?;
    let path = relative(base, path)?;
    let (url, of_base) = (base.url(), base.url().path());
    let mut joined = url.clone();
    if !path.is_empty() {
        // A path of a URL is not trimmed, but a space is none of its characters.
        let path = if path.contains(' ') { Cow::from(path.replace(' ', "%20")) } else { path.into() };
        joined.set_path(&[base.path(), "/", &*path].concat());
    }
    if !is_below(joined.path(), of_base) {
        return Err(invalid("the endpoint leaves the path of the base URL: leave out the `..`"));
    }
    Ok(Joined { url: joined, query })
}

/// The path and the query of an endpoint; an error where a URL parser would send another path than this one.
fn parts(endpoint: &str) -> Result<(&str, Option<String>)> {
    if has_control(endpoint) {
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

/// True if a text holds a control character. Bytes first, because this is asked of every request.
fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_control()) || (!text.is_ascii() && text.chars().any(char::is_control))
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

fn is_absolute(endpoint: &str) -> bool {
    let begins = |with: &str| endpoint.get(..with.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(with));
    begins("http://") || begins("https://")
}

/// An endpoint's path relative to the base: without its leading slash, and without the base itself where the endpoint
/// repeats it. What is absolute and not on the base's host stays as it is, the base's own text in front of it gone.
fn relative<'e>(base: &BaseUrl, endpoint: &'e str) -> Result<&'e str> {
    if !is_absolute(endpoint) {
        return relative_path(endpoint);
    }
    let base_url = base.url();
    let absolute = match Url::parse(endpoint) {
        Ok(absolute) if absolute.host() == base_url.host() => absolute,
        _ => {
            tracing::warn!(
                target: "keyway::request::url",
                "an absolute endpoint on another host is a path of the base URL: override the base instead"
            );
            return Ok(endpoint.strip_prefix(base.text()).unwrap_or(endpoint));
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

    /// The URL that results from parsing the base's text and the endpoint's as one.
    fn slowly(base: &str, endpoint: &str) -> Option<Joined> {
        let (path, query) = parts(endpoint).ok()?;
        let read = BaseUrl::parse(base).ok()?;
        let path = relative(&read, path).ok()?.replace(' ', "%20");
        let separator = if path.is_empty() { "" } else { "/" };
        let url = Url::parse(&[base.strip_suffix('/').unwrap_or(base), separator, &path].concat()).ok()?;
        let is_in = url.origin() == read.url().origin() && is_below(url.path(), read.url().path());
        is_in.then_some(Joined { url, query })
    }

    #[test]
    fn an_endpoint_leads_where_the_joined_text_does() {
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
        let mut led = 0;
        for base in bases {
            for endpoint in endpoints {
                let found = BaseUrl::parse(base).and_then(|base| joined(&base, endpoint)).ok();
                led += usize::from(found.is_some());
                assert_eq!(found, slowly(base, endpoint), "{base} {endpoint:?}");
            }
        }
        assert!(led > 100, "{led}");
    }
}
