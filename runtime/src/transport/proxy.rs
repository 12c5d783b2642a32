//! Which connections go through an HTTP proxy, and how: a tunnel by CONNECT (RFC 9110 section 9.3.6), inside of which
//! TLS is spoken with the vendor as always.
//!
//! The proxy resolves the names of the hosts, so the addresses that they stand for are the proxy's to judge; hosts that
//! are written as addresses were judged before. The operator names the proxy, so its own address may be a private one.

use super::BoxError;
use super::connector::Resolver;
use super::failure::ThroughProxy;
use crate::error::{Error, ErrorKind, Result};
use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::net::TcpStream;
use tower_service::Service;

/// The proxies of a transport.
#[derive(Clone, Debug)]
pub(super) struct Proxies(Arc<Matcher>);

impl Proxies {
    /// One proxy for every host.
    pub(super) fn all(proxy: &str) -> Result<Proxies> {
        checked("the proxy", proxy)?;
        Ok(Proxies(Arc::new(Matcher::builder().all(proxy.to_owned()).build())))
    }

    /// The proxies that variables of the environment name; `None` if they name none.
    pub(super) fn named(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Proxies>> {
        let either = |upper: &str, lower: &str| {
            let set = |name: &str| variable(name).filter(|value| !value.is_empty());
            set(upper).or_else(|| set(lower))
        };
        let mut named = [("HTTPS_PROXY", "https_proxy"), ("HTTP_PROXY", "http_proxy"), ("ALL_PROXY", "all_proxy")]
            .map(|(upper, lower)| either(upper, lower).map(|value| (upper, value)));
        // A CGI program gets the request header `Proxy` under this name (CVE-2016-5385).
        if variable("REQUEST_METHOD").is_some() {
            named[1] = None;
        }
        for (name, value) in named.iter().flatten() {
            checked(&format!("`{name}`"), value)?;
        }
        if named.iter().all(Option::is_none) {
            return Ok(None);
        }
        let [https, http, all] = named.map(|named| named.map(|(_, value)| value).unwrap_or_default());
        let none = either("NO_PROXY", "no_proxy").unwrap_or_default();
        Ok(Some(Proxies(Arc::new(Matcher::builder().https(https).http(http).all(all).no(none).build()))))
    }

    /// The proxy for a destination; `None` for a direct connection.
    fn of(&self, destination: &Uri) -> Option<Intercept> {
        self.0.intercept(destination)
    }
}

/// An error unless a text names an HTTP proxy. It may hold a password and is not quoted.
fn checked(what: &str, proxy: &str) -> Result<()> {
    let uri = proxy.parse::<Uri>().ok().filter(|uri| uri.authority().is_some());
    let known = uri.is_some_and(|uri| uri.scheme().is_none_or(|scheme| *scheme == Scheme::HTTP));
    if known {
        return Ok(());
    }
    let message = format!("{what} is no HTTP proxy: write it like `http://proxy.example.com:3128`");
    Err(Error::new(ErrorKind::InvalidValue, message))
}

/// Connects to a host, or to its proxy and through that to the host.
#[derive(Clone, Debug)]
pub(super) struct Dial {
    pub(super) direct: HttpConnector<Resolver>,
    /// Connects to proxies, and says which there are.
    pub(super) proxies: Option<(HttpConnector<Resolver>, Proxies)>,
}

impl Service<Uri> for Dial {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.direct.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, destination: Uri) -> Self::Future {
        let proxy = self.proxies.as_ref().and_then(|(connector, proxies)| Some((connector, proxies.of(&destination)?)));
        let Some((connector, proxy)) = proxy else {
            let connecting = self.direct.call(destination);
            return Box::pin(async { connecting.await.map_err(Into::into) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), connector.clone());
        if let Some(account) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(account.clone());
        }
        let tunnelling = tunnel.call(with_port(destination));
        Box::pin(async move {
            tunnelling.await.map_err(|error| {
                let proxy = proxy.uri().authority().map(ToString::to_string).unwrap_or_default();
                ThroughProxy { proxy, source: error.into() }.into()
            })
        })
    }
}

/// A destination with its port: a tunnel without one leads to that of `https:`.
fn with_port(destination: Uri) -> Uri {
    let of_http = destination.scheme() == Some(&Scheme::HTTP) && destination.port().is_none();
    let authority = destination.host().filter(|_| of_http).and_then(|host| format!("{host}:80").parse().ok());
    let Some(authority) = authority else { return destination };
    let mut parts = destination.clone().into_parts();
    parts.authority = Some::<Authority>(authority);
    parts.path_and_query.get_or_insert(PathAndQuery::from_static("/"));
    Uri::from_parts(parts).unwrap_or(destination)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The proxy for a destination, and whether it wants an account, where these variables are set.
    fn proxy(variables: &[(&str, &str)], destination: &str) -> Result<Option<(String, bool)>> {
        let value =
            |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
        let proxies = Proxies::named(value)?;
        let proxy = proxies.and_then(|proxies| proxies.of(&destination.parse().unwrap()));
        Ok(proxy.map(|proxy| (proxy.uri().to_string(), proxy.basic_auth().is_some())))
    }

    #[test]
    fn variables_name_the_proxy_of_a_destination() {
        let (https, http) = ("https://api.vendor.com/", "http://api.vendor.com/");
        let p = "http://p.example:3128";
        for (variables, destination, expected) in [
            (&[][..], https, None),
            (&[("HTTPS_PROXY", "")], https, None),
            (&[("HTTPS_PROXY", p)], https, Some(("http://p.example:3128/", false))),
            (&[("https_proxy", p)], https, Some(("http://p.example:3128/", false))),
            (&[("HTTPS_PROXY", p)], http, None),
            (&[("HTTPS_PROXY", "p.example:3128")], https, Some(("http://p.example:3128/", false))),
            (&[("HTTPS_PROXY", "http://ann:secret@p.example")], https, Some(("http://p.example/", true))),
            (&[("ALL_PROXY", p)], http, Some(("http://p.example:3128/", false))),
            (&[("ALL_PROXY", p), ("NO_PROXY", "vendor.com")], https, None),
            (&[("ALL_PROXY", p), ("NO_PROXY", "other.com")], https, Some(("http://p.example:3128/", false))),
            (&[("HTTP_PROXY", p), ("REQUEST_METHOD", "GET")], http, None),
        ] {
            let expected = expected.map(|(uri, account)| (uri.to_owned(), account));
            assert_eq!(proxy(variables, destination).unwrap(), expected, "{variables:?} {destination}");
        }
    }

    #[test]
    fn what_is_no_http_proxy_is_an_error_and_not_passed_over() {
        for value in
            ["https://p.example", "socks5://p.example", "http://", "/p", "http://ann:canary@p example", "x://y"]
        {
            let error = proxy(&[("HTTPS_PROXY", value)], "https://api.vendor.com/").unwrap_err();
            assert!(error.message().starts_with("`HTTPS_PROXY` is no HTTP proxy"), "{value}: {error}");
            assert!(!error.to_string().contains("canary"), "{error}");
        }
    }

    #[test]
    fn a_tunnel_has_the_port_of_its_scheme() {
        for (destination, expected) in [
            ("http://a.test/x", "http://a.test:80/x"),
            ("http://a.test:8080/", "http://a.test:8080/"),
            ("https://a.test/", "https://a.test/"),
            ("http://[::1]/", "http://[::1]:80/"),
        ] {
            assert_eq!(with_port(destination.parse().unwrap()).to_string(), expected);
        }
    }
}
