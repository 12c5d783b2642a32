//! Requests to a server: one connection at a time, one answer of a bounded size in a bounded time, no redirect.

use super::answer::ServerAnswer;
use super::refused::{self, NoAnswer};
use super::server::{ServerArgs, api_key};
use super::unreached;
use crate::exit::Failure;
use crate::waiter::Waiter;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Request};
use keyway::egress::{Egress, EgressPolicy, HostPattern};
use keyway::secret::Secret;
use keyway::transport::hyper::HyperTransport;
use keyway::transport::{Body, Transport as _};
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// The longest time for reaching the server: resolution, TCP and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The largest answer in bytes, 16 MiB: a page of 1000 connections with the longest ids has seven.
const MAX_ANSWER: usize = 16 << 20;

/// A running server, as its operator reaches it.
pub(super) struct Remote {
    address: Url,
    /// The same for messages.
    named: String,
    /// Nothing that is sent as a secret is repeated in an error.
    secrets: Vec<Secret>,
    authorization: HeaderValue,
    egress: Egress,
    transport: HyperTransport,
    waiter: Waiter,
    limit: Duration,
}

/// One request.
pub(super) struct Ask<'a> {
    pub(super) method: Method,
    /// The segments of the path, below the server's address.
    pub(super) path: &'a [&'a str],
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) body: Option<&'a Value>,
}

impl<'a> Ask<'a> {
    /// A request without a query and a body.
    pub(super) fn new(method: Method, path: &'a [&'a str]) -> Ask<'a> {
        Ask { method, path, query: &[], body: None }
    }
}

impl Remote {
    /// The server that the arguments and the environment name. Nothing is sent.
    pub(super) fn new(args: &ServerArgs) -> Result<Remote, Failure> {
        let key = api_key()?;
        let address = args.address()?;
        let host = address.host_str().unwrap_or_default();
        let pattern = HostPattern::parse(&format!("{host}:*")).map_err(Failure::usage)?;
        // The operator named the host: it may be on this machine or in a network of the operator's.
        let policy = EgressPolicy::default().allow_private(true).allow_http(address.scheme() == "http");
        let mut transport = HyperTransport::builder().connect_timeout(CONNECT_TIMEOUT);
        if let Some(path) = &args.extra_roots {
            let pem = std::fs::read_to_string(path)
                .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
            transport = transport.extra_roots(pem);
        }
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", key.expose()))
            .map_err(|_| Failure::usage("the API key cannot stand in a header"))?;
        authorization.set_sensitive(true);
        Ok(Remote {
            egress: Egress::within(policy, vec![pattern]),
            named: address.as_str().trim_end_matches('/').to_owned(),
            address,
            secrets: vec![key],
            authorization,
            transport: transport.build().map_err(|error| Failure::usage(error.to_string()))?,
            waiter: Waiter::new()?,
            limit: Duration::from_secs(args.timeout),
        })
    }

    /// More secrets that are about to be sent.
    pub(super) fn keep_out_of_errors(&mut self, secrets: Vec<Secret>) {
        self.secrets.extend(secrets);
    }

    /// The server's address, for messages.
    pub(super) fn address(&self) -> &str {
        &self.named
    }

    /// The answer of the server, if it is the one that was asked for.
    pub(super) fn ask(&self, ask: &Ask<'_>) -> Result<ServerAnswer, NoAnswer> {
        let url = self.url(ask)?;
        let work = async {
            let mut request = Request::builder()
                .method(ask.method.clone())
                .uri(url.as_str())
                .header(AUTHORIZATION, self.authorization.clone())
                .header(ACCEPT, "application/json")
                .header(USER_AGENT, concat!("keyway/", env!("CARGO_PKG_VERSION")));
            if ask.body.is_some() {
                request = request.header(CONTENT_TYPE, "application/json");
            }
            let body = ask.body.map_or_else(Body::empty, |body| Body::full(body.to_string()));
            let request = request.body(body).map_err(|_| refused::not_askable(&self.named))?;
            let failed = |error: keyway::Error| unreached::not_reached(&self.named, &error);
            let response = self.transport.send(request, &self.egress).await.map_err(failed)?;
            let (head, body) = response.into_parts();
            let body = body.collect(MAX_ANSWER).await.map_err(|error| unreached::not_read(&self.named, &error))?;
            Ok((head, body))
        };
        let done = self.waiter.wait(async { tokio::time::timeout(self.limit, work).await });
        let (head, body) = done.map_err(|_| unreached::too_slow(&self.named, self.limit))??;
        ServerAnswer::read(&self.named, &head, &body, &self.secrets)
    }

    fn url(&self, ask: &Ask<'_>) -> Result<Url, NoAnswer> {
        let mut url = self.address.clone();
        // A path drops these (RFC 3986 section 5.2.4), and another route would be asked.
        if ask.path.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(refused::no_name());
        }
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(ask.path);
        }
        if !ask.query.is_empty() {
            url.query_pairs_mut().extend_pairs(ask.query);
        }
        Ok(url)
    }
}
