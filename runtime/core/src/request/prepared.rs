//! Requests of which everything but the call is made once for an account.
//!
//! Most calls add nothing to what their entry says but a path, and headers that the entry does not have. What such a
//! request is made of is kept ready here; any other call is built by [`super::plan`]. Both ways give the same request:
//! a test holds them against each other, for every entry of the catalogue.

use super::base::BaseUrl;
use super::{Call, CallBody, Inputs, depends_on_moment, headers, is_reserved, plan_below};
use crate::planned::PlannedHeader;
use crate::secret::Secret;
use crate::template::position::has_dot_segment;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Method, Request, Uri};
use keyway_spec::Proxy;

/// The part of an account's requests that no plain call changes. Its `Debug` shows nothing of it.
pub struct Prepared {
    scheme: Scheme,
    authority: Authority,
    /// The base URL's path, without the slash that an endpoint begins with.
    path: String,
    /// The headers of the entry and of the mode, in order. Their values are wiped when the last copy is dropped.
    headers: HeaderMap,
    /// What a request carries that has no header of the name.
    defaults: Vec<(HeaderName, HeaderValue)>,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Prepared")
    }
}

impl Prepared {
    /// Of an account's inputs and its base URL; `program` is the `user-agent` where the entry has none. `None` where a
    /// request depends on its moment, its body or its query, or cannot be built at all.
    pub fn of(inputs: &Inputs<'_>, base: &BaseUrl, program: &str) -> Option<Prepared> {
        let proxy = inputs.spec.proxy.as_ref().unwrap_or(&Proxy::EMPTY);
        let varies = depends_on_moment(inputs.spec)
            || headers::need_signing(proxy)
            || proxy.decompress
            || !proxy.body.is_empty()
            || !proxy.query.is_empty();
        if varies {
            return None;
        }
        let plan = plan_below(inputs, &Call::get("/"), Some(base)).ok()?.named(program);
        if plan.query.is_some() || plan.identity.is_some() {
            return None;
        }
        let uri = plan.target().parse::<Uri>().ok()?.into_parts();
        let (mut own, mut defaults) = (HeaderMap::new(), Vec::new());
        for header in plan.headers {
            let is_own = header.injected;
            let (name, value) = ready(header)?;
            if is_own {
                own.append(name, value);
            } else {
                defaults.push((name, value));
            }
        }
        Some(Prepared {
            scheme: uri.scheme?,
            authority: uri.authority?,
            path: base.path().to_owned(),
            headers: own,
            defaults,
        })
    }

    /// The request of a call, without its body; `None` where it has to be planned.
    pub fn request(&self, call: &Call) -> Option<Request<()>> {
        if !is_plain(call) {
            return None;
        }
        let path = self.path_and_query(&call.endpoint)?;
        let mut parts = http::uri::Parts::default();
        parts.scheme = Some(self.scheme.clone());
        parts.authority = Some(self.authority.clone());
        parts.path_and_query = Some(path);
        let mut request = Request::new(());
        *request.method_mut() = call.method.clone();
        *request.uri_mut() = Uri::from_parts(parts).ok()?;
        *request.headers_mut() = self.headers_of(call)?;
        Some(request)
    }

    /// The path and query of an endpoint that is sent as it is written; `None` where a URL parser could change it, or
    /// would refuse it.
    fn path_and_query(&self, endpoint: &str) -> Option<PathAndQuery> {
        let (path, query) = endpoint.split_once('?').unwrap_or((endpoint, ""));
        // `/` is the base URL itself, which need not end in one.
        let begins = path.starts_with('/') && !path.starts_with("//") && (path.len() > 1 || self.path.is_empty());
        if !begins || !path.bytes().all(is_path) || has_dot_segment(path) || !query.bytes().all(is_query) {
            return None;
        }
        let text = if self.path.is_empty() { endpoint.to_owned() } else { [&self.path, endpoint].concat() };
        PathAndQuery::from_maybe_shared(Bytes::from(text)).ok()
    }

    fn headers_of(&self, call: &Call) -> Option<HeaderMap> {
        let count = self.headers.len() + call.headers.len() + call.passed.len() + self.defaults.len();
        let mut headers = HeaderMap::with_capacity(count);
        for (name, value) in &self.headers {
            headers.append(name.clone(), value.clone());
        }
        for (name, value) in &call.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
            if name == USER_AGENT || name == AUTHORIZATION || is_reserved(name.as_str()) || self.has(&name) {
                return None;
            }
            headers.append(name, HeaderValue::from_str(value).ok()?);
        }
        for (name, value) in &call.passed {
            if *name == USER_AGENT || is_reserved(name.as_str()) || std::str::from_utf8(value.as_bytes()).is_err() {
                return None;
            }
            let is_said = call.headers.iter().any(|(said, _)| said.eq_ignore_ascii_case(name.as_str()));
            if !is_said && !self.has(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        for (name, value) in &self.defaults {
            if !headers.contains_key(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        Some(headers)
    }

    fn has(&self, name: &HeaderName) -> bool {
        self.headers.contains_key(name)
    }
}

/// A header as HTTP has it; `None` for a default that is neither of the two that every request has.
fn ready(PlannedHeader { name, value, injected }: PlannedHeader) -> Option<(HeaderName, HeaderValue)> {
    let name = HeaderName::try_from(&*name).ok()?;
    if !injected && name != USER_AGENT && name != ACCEPT {
        return None;
    }
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(WipedText(value))).ok()?;
    value.set_sensitive(injected);
    Some((name, value))
}

/// The text of a header, wiped with its last copy.
struct WipedText(Secret);

impl AsRef<[u8]> for WipedText {
    fn as_ref(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

/// True if a call adds nothing to its entry's request but a path, a body that is sent as it is, and headers. Every
/// field is named, so that a new one is thought of here.
fn is_plain(call: &Call) -> bool {
    let Call {
        method,
        endpoint: _,
        endpoint_template: _,
        query,
        headers: _,
        passed: _,
        body,
        base_url_override,
        retries: _,
        safe_retries: _,
        repeatable: _,
        timeout: _,
        retry_on: _,
        decompress,
        forward_headers_on_redirect: _,
        refuse_other_hosts: _,
    } = call;
    let has_plain_body = match body {
        CallBody::Empty => true,
        CallBody::Bytes(_) | CallBody::Stream => !matches!(*method, Method::GET | Method::HEAD),
        CallBody::Json(_) | CallBody::JsonText(_) | CallBody::Form(_) => false,
    };
    let may_be_sent = !matches!(*method, Method::CONNECT | Method::TRACE);
    has_plain_body && may_be_sent && query.is_empty() && base_url_override.is_none() && !decompress
}

/// A character of a path that URL parsers leave alone (RFC 3986 section 3.3).
fn is_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/%".contains(&byte)
}

/// A character of a query that is sent as it is written: see [`super::sent_query`].
fn is_query(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"<>#".contains(&byte)
}
