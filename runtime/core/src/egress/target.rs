//! The parts of a URL that decide whether it may be asked.
//!
//! Most hosts are written as a URL parser leaves them, so a URI is read as it stands where that is certain, and parsed
//! as a URL only where it is not: this is asked twice for every call.

use super::refused;
use crate::error::{Error, ErrorKind, Result};
use http::Uri;
use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};
use url::{Host, Url};

/// A scheme, a host and a port.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    pub(super) scheme: &'a str,
    /// The host in lower case, without the root's trailing dot; an address as URLs write it.
    pub(super) name: Cow<'a, str>,
    /// The host, where it is an address.
    pub(super) address: Option<IpAddr>,
    /// The port, unless it is the scheme's own.
    pub(super) port: Option<u16>,
}

impl<'a> Target<'a> {
    /// Of a URL; an error where it names a user or no host.
    pub(super) fn of_url(url: &'a Url) -> Result<Target<'a>> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused(ErrorKind::HostNotAllowed, "a URL with a user name or password is not allowed"));
        }
        Target::of_host(url)
    }

    /// Of a URL, whatever user it names; an error where it has no host.
    pub(super) fn of_host(url: &'a Url) -> Result<Target<'a>> {
        let (Some(host), Some(text)) = (url.host(), url.host_str()) else {
            return Err(refused(ErrorKind::HostNotAllowed, "the URL has no host"));
        };
        let (name, address) = match host {
            Host::Domain(domain) => (normalize(domain), None),
            Host::Ipv4(address) => (text.into(), Some(IpAddr::V4(address))),
            Host::Ipv6(address) => (text.into(), Some(IpAddr::V6(address))),
        };
        Ok(Target { scheme: url.scheme(), name, address, port: url.port() })
    }

    /// Of a URI, if a URL parser certainly leaves its host and port as they are.
    pub(super) fn of_plain(uri: &'a Uri) -> Option<Target<'a>> {
        let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
        let host = authority.host();
        let port = match authority.as_str().strip_prefix(host)? {
            "" => None,
            // Whatever stands there instead, a user or an empty port, is for the URL parser.
            rest => Some(rest.strip_prefix(':')?.parse().ok().filter(|_| rest.len() <= ":65535".len())?),
        };
        let port = port.filter(|port| Some(*port) != default_port(scheme));
        if let Ok(address) = host.parse::<Ipv4Addr>() {
            return Some(Target { scheme, name: host.into(), address: Some(address.into()), port });
        }
        is_plain_name(host).then(|| Target { scheme, name: normalize(host), address: None, port })
    }

    pub(super) fn port_or_default(&self) -> Option<u16> {
        self.port.or_else(|| default_port(self.scheme))
    }
}

/// The URL of a URI's scheme and authority; an error where its host is written in another way than the URL's.
pub(super) fn parsed(uri: &Uri) -> Result<Url> {
    let unfit = |message: &str| Error::new(ErrorKind::InvalidRequest, message).sent(false);
    let absolute = uri.scheme_str().zip(uri.authority());
    let url = absolute.and_then(|(scheme, authority)| Url::parse(&format!("{scheme}://{authority}/")).ok());
    let url = url.ok_or_else(|| unfit("the request has no absolute URL"))?;
    if url.host_str() != uri.host() {
        return Err(unfit("the host is not in its normal form"));
    }
    Ok(url)
}

/// Lower case, without the root's trailing dot.
pub(super) fn normalize(host: &str) -> Cow<'_, str> {
    let host = host.strip_suffix('.').unwrap_or(host);
    if host.bytes().any(|byte| byte.is_ascii_uppercase()) { host.to_ascii_lowercase().into() } else { host.into() }
}

/// True if a URL parser takes a text for a name, and for this one: lower-case ASCII, no label that stands for another
/// text (`xn--`), none at the end that could begin a number.
fn is_plain_name(host: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.');
    let last = host.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    last.starts_with(|first: char| first.is_ascii_lowercase()) && host.bytes().all(plain) && !host.contains("xn--")
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by the URL parser alone.
    fn slowly(uri: &Uri) -> Option<(String, Option<IpAddr>, Option<u16>)> {
        let url = parsed(uri).ok()?;
        let target = Target::of_url(&url).ok()?;
        Some((target.name.into_owned(), target.address, target.port))
    }

    #[test]
    fn a_plain_uri_is_read_as_the_url_parser_reads_it() {
        let plain =
            ["api.vendor.com", "a-b.c_d.example", "localhost", "api.vendor.com.", "127.0.0.1", "a..b", "x1", ".a"];
        let others = [
            "API.vendor.com",
            "127.1",
            "0x7f.1",
            "1.2.3.4.5",
            "1.2.3.0x4",
            "1.2.3.4.",
            "xn--bcher-kva.example",
            "xn--a",
            "[::1]",
            "[::ffff:1.2.3.4]",
            "a.0x",
            "a.1",
            "user@a.com",
            "a.com@a.com",
            "a%2ecom",
            "0127.0.0.1",
            "a.com..",
        ];
        let ports = ["", ":443", ":80", ":8443", ":0443", ":65535", ":65536", ":99999", ":", ":0"];
        let mut read = 0;
        for host in plain.iter().chain(&others) {
            for port in ports {
                for scheme in ["https", "http"] {
                    let Ok(uri) = format!("{scheme}://{host}{port}/x?y").parse::<Uri>() else { continue };
                    let Some(target) = Target::of_plain(&uri) else { continue };
                    read += 1;
                    assert_eq!(Some((target.name.into_owned(), target.address, target.port)), slowly(&uri), "{uri}");
                }
            }
        }
        assert!(read > plain.len() * 10, "the short way is not taken: {read}");
        for host in plain {
            let uri: Uri = format!("https://{host}:8443/").parse().unwrap();
            assert!(Target::of_plain(&uri).is_some(), "{host}");
        }
    }
}
