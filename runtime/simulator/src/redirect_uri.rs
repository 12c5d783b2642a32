//! Redirect URIs, as a registration has them and as a request names them.
//!
//! They are compared as texts (RFC 9700 section 2.1), but for the port of one on the client's own machine: a native
//! client takes a free port when it listens (RFC 8252 section 7.3).

use url::{Host, Url};

/// True if a client may be sent back to a URI that it registered as this one.
pub(crate) fn is_same(registered: &str, named: &str) -> bool {
    registered == named || without_port(registered).is_some_and(|one| without_port(named) == Some(one))
}

/// True for a URI that a client may register: with TLS, or on its own machine.
pub(crate) fn is_registrable(uri: &str) -> bool {
    let is_secure = |uri: &Url| uri.scheme() == "https" || is_loopback(uri);
    Url::parse(uri).is_ok_and(|uri| is_secure(&uri) && uri.fragment().is_none())
}

fn is_loopback(uri: &Url) -> bool {
    let is_own = match uri.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    uri.scheme() == "http" && is_own
}

/// A URI of the client's own machine without its port; nothing else of it may differ.
fn without_port(uri: &str) -> Option<(String, String)> {
    let own = Url::parse(uri).ok().filter(is_loopback)?;
    let (scheme, rest) = uri.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let port = own.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = authority.strip_suffix(&port).unwrap_or(authority);
    Some((format!("{scheme}://{host}"), path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_the_clients_own_machine_may_be_another_one() {
        for (registered, named, expected) in [
            ("https://app.example/callback", "https://app.example/callback", true),
            ("https://app.example/callback", "https://app.example:8443/callback", false),
            ("https://app.example/callback", "https://app.example/callback/", false),
            ("http://127.0.0.1/callback", "http://127.0.0.1:49152/callback", true),
            ("http://127.0.0.1:3000/callback", "http://127.0.0.1:49152/callback", true),
            ("http://127.0.0.1:3000/callback?a=1", "http://127.0.0.1:49152/callback?a=1", true),
            ("http://[::1]:3000/callback", "http://[::1]:49152/callback", true),
            ("http://[::1]/callback", "http://[::1]:49152/callback", true),
            ("http://localhost:3000/callback", "http://localhost:49152/callback", true),
            ("http://127.0.0.1:3000/callback", "http://127.0.0.1:49152/other", false),
            ("http://127.0.0.1:3000/callback", "http://127.0.0.1:49152/callback?a=1", false),
            ("http://127.0.0.1:3000/callback", "http://localhost:3000/callback", false),
            ("http://127.0.0.1:3000/callback", "https://127.0.0.1:3000/callback", false),
            ("https://127.0.0.1:3000/callback", "https://127.0.0.1:3001/callback", false),
            ("http://127.0.0.1:3000/callback", "http://127.0.0.1@evil.example/callback", false),
            ("http://127.0.0.1:3000/callback", "http://user@127.0.0.1:3000/callback", false),
            ("http://10.0.0.1:3000/callback", "http://10.0.0.1:3001/callback", false),
            ("not a URI", "not a URI", true),
        ] {
            assert_eq!(is_same(registered, named), expected, "{registered} {named}");
        }
    }

    #[test]
    fn a_client_registers_uris_with_tls_or_of_its_own_machine() {
        for (uri, expected) in [
            ("https://app.example/callback", true),
            ("http://127.0.0.1/callback", true),
            ("http://[::1]:3000/callback", true),
            ("http://localhost:3000/callback", true),
            ("http://app.example/callback", false),
            ("http://localhost.app.example/callback", false),
            ("https://app.example/callback#here", false),
            ("app:/callback", false),
            ("", false),
        ] {
            assert_eq!(is_registrable(uri), expected, "{uri}");
        }
    }
}
