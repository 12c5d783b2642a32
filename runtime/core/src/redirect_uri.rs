//! The redirect URIs of flows: one of its own for every integration, and where a customer names the authorization
//! server, one for every such server (RFC 9700 section 4.4.2.2).
//!
//! ```text
//! <base>/<id of the integration>                     the entry names the server
//! <base>/<id of the integration>/<hash of the issuer> a customer names it
//! <base>                                             the integration shares the plain one, by choice
//! ```
//!
//! A code comes back on the redirect URI that the authorization server knows its client by, so the path on which it
//! comes back says who granted it. That path has to be the flow's before the code goes anywhere: a code of one server
//! never reaches the token endpoint of another. Pure. [`crate::auth::issuer`] decides who names the server.

use crate::error::{Error, ErrorKind, Result};
use crate::sign::digest::sha256_hex;
use url::Url;

/// The number of hexadecimal digits of a hash that name an issuer: 128 bits, so a second issuer of the same name cannot
/// be found.
const DIGITS: usize = 32;

/// The redirect URI of an integration below `base`, which is an absolute URL with or without a path.
pub fn own(base: &str, id: &str) -> Result<String> {
    below(base, id)
}

/// The redirect URI for one issuer, behind the integration's own.
pub fn of_issuer(own: &str, issuer: &str) -> Result<String> {
    below(own, &issuer_name(issuer))
}

/// The path segment that stands for an issuer: the beginning of its SHA-256, in hexadecimal.
fn issuer_name(issuer: &str) -> String {
    sha256_hex(issuer.as_bytes()).chars().take(DIGITS).collect()
}

/// True if a path segment can stand for an issuer.
pub fn is_issuer_name(segment: &str) -> bool {
    segment.len() == DIGITS && segment.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The path and the query of a callback, from the URL on which the browser came back or from its path with its query.
pub fn callback(text: &str) -> Result<(String, &str)> {
    let path = path(text).ok_or_else(|| {
        let message = "the callback has no path: pass the URL on which the browser came back, or its path with its \
                       query, and not the query alone";
        Error::new(ErrorKind::InvalidRequest, message)
    })?;
    let text = text.split('#').next().unwrap_or_default();
    Ok((path, text.split_once('?').map_or("", |(_, query)| query)))
}

/// Refuses a browser that came back on another path than the redirect URI of its flow. Only the path is compared: a
/// server behind a proxy knows neither its own scheme nor its own host.
pub fn check(expected: &str, came: &str) -> Result<()> {
    if path(expected).is_some_and(|expected| expected == came) {
        return Ok(());
    }
    let message = "the browser came back on another redirect URI than this flow's, so what it brings may be from \
                   another authorization server: nothing was sent, start again";
    Err(Error::new(ErrorKind::InvalidState, message))
}

/// The path of a URL, or of a path with a query, as it was written; `None` for a query alone.
fn path(text: &str) -> Option<String> {
    if text.starts_with('/') {
        let path = text.split(['?', '#']).next().unwrap_or_default();
        return Some(path.to_owned());
    }
    let url = Url::parse(text).ok().filter(|url| !url.cannot_be_a_base())?;
    Some(url.path().to_owned())
}

/// A URL with one more path segment.
pub fn below(base: &str, segment: &str) -> Result<String> {
    let unusable = || {
        let message = "the redirect URI is not an absolute URL with a path: write it as `https://host/path`";
        Error::new(ErrorKind::InvalidValue, message)
    };
    let mut url = Url::parse(base).map_err(|_| unusable())?;
    url.set_fragment(None);
    url.path_segments_mut().map_err(|()| unusable())?.pop_if_empty().push(segment);
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integration_and_an_issuer_are_path_segments_behind_the_base() {
        for (base, expected) in [
            ("https://kw.test/oauth/callback", "https://kw.test/oauth/callback/i1"),
            ("https://kw.test/oauth/callback/", "https://kw.test/oauth/callback/i1"),
            ("https://kw.test", "https://kw.test/i1"),
            ("https://kw.test/cb?tenant=1#x", "https://kw.test/cb/i1?tenant=1"),
            ("app.acme:/cb", "app.acme:/cb/i1"),
        ] {
            assert_eq!(own(base, "i1").unwrap(), expected);
        }
        let first = of_issuer("https://kw.test/cb/i1", "https://as.test").unwrap();
        assert!(first.starts_with("https://kw.test/cb/i1/") && first.len() == "https://kw.test/cb/i1/".len() + DIGITS);
        assert_ne!(first, of_issuer("https://kw.test/cb/i1", "https://as.test/").unwrap());
        for base in ["", "/cb", "cb", "mailto:x"] {
            assert_eq!(own(base, "i1").unwrap_err().kind(), ErrorKind::InvalidValue, "{base}");
        }
    }

    #[test]
    fn only_the_path_of_the_flow_is_taken() {
        let flow = "https://kw.test/oauth/callback/i1";
        let judged = |came: &str| callback(came).and_then(|(path, _)| check(flow, &path)).map_err(|error| error.kind());
        for (came, expected) in [
            ("/oauth/callback/i1?code=c", Ok(())),
            ("/oauth/callback/i1", Ok(())),
            ("http://10.0.0.1:3900/oauth/callback/i1?a#b", Ok(())),
            ("/oauth/callback?code=c", Err(ErrorKind::InvalidState)),
            ("/oauth/callback/i2?code=c", Err(ErrorKind::InvalidState)),
            ("/oauth/callback/i1/?code=c", Err(ErrorKind::InvalidState)),
            ("/oauth/callback/i1/h?code=c", Err(ErrorKind::InvalidState)),
            ("/oauth/callback/%691?code=c", Err(ErrorKind::InvalidState)),
            ("https://kw.test/?x=/oauth/callback/i1", Err(ErrorKind::InvalidState)),
            ("code=c&state=s", Err(ErrorKind::InvalidRequest)),
            ("?code=c&state=s", Err(ErrorKind::InvalidRequest)),
            ("", Err(ErrorKind::InvalidRequest)),
        ] {
            assert_eq!(judged(came), expected, "{came}");
        }
        check("https://kw.test/oauth/callback", "/oauth/callback").unwrap();
    }

    #[test]
    fn a_callback_is_a_path_with_a_query() {
        for (text, path, query) in [
            ("/cb?code=c&state=s", "/cb", "code=c&state=s"),
            ("https://kw.test/cb?code=c#f", "/cb", "code=c"),
            ("/cb", "/cb", ""),
            ("/cb#x?code=c", "/cb", ""),
        ] {
            assert_eq!(callback(text).unwrap(), (path.to_owned(), query), "{text}");
        }
    }
}
