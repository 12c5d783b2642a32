//! The settings of the production transport.

use super::{CONNECT_TIMEOUT, HyperTransport, Settings};
use crate::error::{Error, ErrorKind, Result};
#[cfg(feature = "http-proxy")]
use crate::transport::proxy::Proxies;
use crate::transport::tls;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Builds a [`HyperTransport`]; begun by [`HyperTransport::builder`].
#[derive(Clone, Default)]
#[must_use = "nothing is made before `build`"]
pub struct HyperBuilder {
    native_roots: bool,
    extra_roots: Vec<String>,
    connect_timeout: Option<Duration>,
    #[cfg(feature = "http-proxy")]
    proxy: ProxyFrom,
}

/// Where a transport takes its proxy from.
#[cfg(feature = "http-proxy")]
#[derive(Clone, Default)]
enum ProxyFrom {
    #[default]
    None,
    Named(String),
    Environment,
}

impl HyperBuilder {
    /// Trusts the root certificates of the operating system instead of Mozilla's: those that an administrator added to
    /// it count too. They are read once, by `build`; `SSL_CERT_FILE` and `SSL_CERT_DIR` name others.
    #[cfg(feature = "native-roots")]
    pub fn native_roots(mut self) -> HyperBuilder {
        self.native_roots = true;
        self
    }

    /// Trusts further root certificates: those of a company's own authority, in PEM.
    pub fn extra_roots(mut self, pem: impl Into<String>) -> HyperBuilder {
        self.extra_roots.push(pem.into());
        self
    }

    /// The longest time that connecting may take: resolution, TCP, a proxy's tunnel and TLS together. Default:
    /// [`CONNECT_TIMEOUT`].
    pub fn connect_timeout(mut self, limit: Duration) -> HyperBuilder {
        self.connect_timeout = Some(limit);
        self
    }

    /// Goes through this HTTP proxy (`http://user:password@proxy.example.com:3128`) for every host, by CONNECT: the
    /// proxy sees host and port, and what is sent stays between the two ends of TLS. A proxy that is itself spoken to
    /// over TLS and SOCKS are not known.
    ///
    /// The proxy resolves the names, so that a name does not lead to a private address is the proxy's to see to. Hosts
    /// are held against the provider's as always, and hosts that are addresses against the policy.
    #[cfg(feature = "http-proxy")]
    pub fn proxy(mut self, url: impl Into<String>) -> HyperBuilder {
        self.proxy = ProxyFrom::Named(url.into());
        self
    }

    /// Goes through the proxy that the environment names, as most programs do: `HTTPS_PROXY`, `HTTP_PROXY` for `http:`,
    /// `ALL_PROXY`, but for the hosts in `NO_PROXY`; also in lower case. They are read once, by `build`. A proxy that
    /// is not known is an error; without any, connections are direct. See [`HyperBuilder::proxy`].
    #[cfg(feature = "http-proxy")]
    pub fn proxy_from_env(mut self) -> HyperBuilder {
        self.proxy = ProxyFrom::Environment;
        self
    }

    /// Builds the transport; an error where a certificate or a proxy cannot be read.
    pub fn build(self) -> Result<HyperTransport> {
        let mut roots = if self.native_roots { tls::native()? } else { tls::mozilla() };
        for pem in &self.extra_roots {
            roots = tls::with_extra(roots, pem)?;
        }
        let connect_timeout = self.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
        if connect_timeout.is_zero() {
            let message = "the time for connecting must be more than nothing";
            return Err(Error::new(ErrorKind::InvalidValue, message));
        }
        #[cfg(feature = "http-proxy")]
        let proxies = match &self.proxy {
            ProxyFrom::None => None,
            ProxyFrom::Named(url) => Some(Proxies::all(url)?),
            ProxyFrom::Environment => Proxies::named(|name| std::env::var(name).ok())?,
        };
        HyperTransport::of(Settings {
            roots: Arc::new(roots),
            connect_timeout,
            #[cfg(feature = "http-proxy")]
            proxies,
        })
    }
}

/// A proxy's URL may hold a password.
impl fmt::Debug for HyperBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HyperBuilder").field("connect_timeout", &self.connect_timeout).finish_non_exhaustive()
    }
}
