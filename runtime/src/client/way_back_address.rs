//! The addresses of an app that a connect session may name: web addresses over https, without anything hidden in them.
//!
//! Plain HTTP is for the machine itself, and for servers that allow it. An origin also stands in a header of every
//! page, so its host holds nothing that would mean something there.

use crate::error::{Error, ErrorKind, Result};
use url::{Host, Url};

/// The longest address, in bytes.
const MAX_ADDRESS: usize = 2048;

/// The longest host name (RFC 1035 section 2.3.4).
const MAX_HOST: usize = 253;

/// The address of the app, as a browser writes it.
pub(super) fn check_return_url(text: &str, allow_http: bool) -> Result<String> {
    let url = address(text, allow_http).map_err(|reason| refused(&format!("`return_url` {reason}")))?;
    if url.fragment().is_some() {
        return Err(refused("`return_url` has a fragment: leave out the `#` and what follows"));
    }
    Ok(url.into())
}

/// An origin, as a browser writes it.
pub(super) fn check_origin(text: &str, allow_http: bool) -> Result<String> {
    let url = address(text, allow_http).map_err(|reason| refused(&format!("an origin of `origins` {reason}")))?;
    let after_scheme = text.split_once("://").map_or("", |(_, rest)| rest);
    if after_scheme.contains(['/', '?', '#']) {
        return Err(refused("an origin of `origins` has a path: send `https://app.example.com`"));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let host = url.host_str().unwrap_or_default();
    if host.len() > MAX_HOST || !host.chars().all(plain) {
        return Err(refused("an origin of `origins` must have a host name of letters, digits, `.` and `-`"));
    }
    Ok(url.origin().ascii_serialization())
}

/// A web address that leads where it seems to; else the reason.
fn address(text: &str, allow_http: bool) -> Result<Url, &'static str> {
    // A parser of URLs leaves out tabs and line breaks, and reads `\` as `/`.
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if text.len() > MAX_ADDRESS {
        return Err("is longer than 2048 bytes");
    }
    let after_scheme = text.split_once("://").map(|(_, rest)| rest);
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.host().is_some());
    let (Some(url), Some(after_scheme), false) = (url, after_scheme, text.contains(is_odd)) else {
        return Err("must be an absolute URL that begins with `https://`");
    };
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err("must not hold a user name or a password");
    }
    if url.scheme() == "http" && !allow_http && !is_loopback(&url) {
        return Err("must begin with `https://`: plain HTTP is for loopback hosts, and for servers that allow it");
    }
    if url.as_str().len() > MAX_ADDRESS {
        return Err("is longer than 2048 bytes");
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn refused(message: &str) -> Error {
    Error::new(ErrorKind::InvalidValue, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_url_leads_over_https_or_to_the_machine_itself() {
        for (text, allow_http, expected) in [
            ("https://app.example/done?a=b", false, Some("https://app.example/done?a=b")),
            ("HTTPS://App.Example", false, Some("https://app.example/")),
            ("https://bücher.example/ü", false, Some("https://xn--bcher-kva.example/%C3%BC")),
            ("https://app.example/a@b", false, Some("https://app.example/a@b")),
            ("http://localhost:3000/", false, Some("http://localhost:3000/")),
            ("http://app.localhost/", false, Some("http://app.localhost/")),
            ("http://127.1.2.3/", false, Some("http://127.1.2.3/")),
            ("http://[::1]:8080/", false, Some("http://[::1]:8080/")),
            ("http://app.example/", true, Some("http://app.example/")),
            ("http://app.example/", false, None),
            ("http://127.0.0.1.app.example/", false, None),
            ("http://localhost.app.example/", false, None),
            ("", true, None),
            ("/done", true, None),
            ("//app.example", true, None),
            ("https:app.example", true, None),
            ("https:/\\app.example", true, None),
            ("https://", true, None),
            ("javascript:alert(1)//https://app.example", true, None),
            ("java\tscript://app.example", true, None),
            ("data://app.example/,x", true, None),
            ("app://callback", true, None),
            (" https://app.example", true, None),
            ("https://app.example/\nset-cookie", true, None),
            ("https://app.example\\@other.example", true, None),
            ("https://me:secret@app.example/", true, None),
            ("https://me@app.example/", true, None),
            ("https://@app.example/", true, None),
            ("https://app.example/#part", true, None),
            ("https://app.example/#", true, None),
        ] {
            assert_eq!(check_return_url(text, allow_http).ok().as_deref(), expected, "{text:?}");
        }
        let long = |length: usize| format!("https://app.example/{}", "a".repeat(length - 20));
        assert!(check_return_url(&long(2048), false).is_ok());
        assert!(check_return_url(&long(2049), false).is_err());
        assert!(check_return_url(&format!("https://app.example/{}", "ü".repeat(600)), false).is_err(), "when encoded");
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host_and_means_nothing_more_in_a_header() {
        for (text, allow_http, expected) in [
            ("https://app.example", false, Some("https://app.example")),
            ("https://App.Example:443", false, Some("https://app.example")),
            ("https://app.example:8443", false, Some("https://app.example:8443")),
            ("http://localhost:3000", false, Some("http://localhost:3000")),
            ("http://app.example", true, Some("http://app.example")),
            ("http://app.example", false, None),
            ("https://app.example/", false, None),
            ("https://app.example/path", false, None),
            ("https://app.example?a", false, None),
            ("https://app.example#a", false, None),
            ("https://me@app.example", false, None),
            ("https://*.app.example", false, None),
            ("https://*", false, None),
            ("https://app.example;script-src", false, None),
            ("https://app.example,other.example", false, None),
            ("https://'none'", false, None),
            ("https://[::1]", false, None),
            ("https://app.example https://other.example", false, None),
            ("*", true, None),
            ("'self'", true, None),
            ("null", true, None),
            ("", true, None),
        ] {
            assert_eq!(check_origin(text, allow_http).ok().as_deref(), expected, "{text:?}");
        }
        let long = format!("https://{}.example", "a.".repeat(130));
        assert!(check_origin(&long, false).is_err());
    }
}
