//! One request of a plan, as a transport takes it.

use super::resend::{MAX_RESENDS, delivered};
use crate::account::Account;
use crate::egress::Egress;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::planned::PlannedHeader;
use crate::request::{CallBody, Plan};
use crate::secret::Secret;
use crate::transport::{Body, ClientIdentity, Response};
use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Method};

/// Sends one request of a plan. A stream is there once, so a request with one is never sent again.
pub(super) async fn send_plan(
    engine: &Engine,
    account: &Account,
    plan: &Plan,
    mut stream: Option<Body>,
    egress: &Egress,
) -> Result<Response> {
    let resends = if stream.is_some() { 0 } else { MAX_RESENDS };
    let make = || {
        let mut request = http_request(&plan.method, &plan.target(), &plan.headers, body(&plan.body, stream.take()))?;
        request.extensions_mut().extend(request_extensions(plan.identity.as_ref(), || account.secrets()));
        Ok(request)
    };
    delivered(engine, egress, resends, make).await
}

/// A request; the values of injected headers are marked as sensitive.
pub(crate) fn http_request(
    method: &Method,
    url: &str,
    headers: &[PlannedHeader],
    body: Body,
) -> Result<http::Request<Body>> {
    let mut request = http::Request::builder().method(method).uri(url).body(body).map_err(|_| unfit())?;
    *request.headers_mut() = header_map(headers)?;
    Ok(request)
}

/// Headers as a request holds them; the values of injected ones are marked as sensitive.
pub(crate) fn header_map<'a>(headers: impl IntoIterator<Item = &'a PlannedHeader>) -> Result<HeaderMap> {
    let headers = headers.into_iter();
    let mut map = HeaderMap::with_capacity(headers.size_hint().0);
    for header in headers {
        let name = HeaderName::try_from(&*header.name).map_err(|_| unfit())?;
        let mut value = HeaderValue::try_from(header.value.expose()).map_err(|_| unfit())?;
        value.set_sensitive(header.injected);
        map.append(name, value);
    }
    Ok(map)
}

pub(super) fn unfit() -> Error {
    Error::new(ErrorKind::InvalidRequest, "the request does not fit into HTTP").sent(false)
}

/// The secrets that a request carries, among its extensions: the transport of tests does not show them.
#[cfg(feature = "testing")]
#[derive(Clone)]
pub(crate) struct SecretsInRequest(pub(crate) Vec<Secret>);

/// What a transport is told beside the request: the client's identity, and the recorded transport of tests what it must
/// not show.
pub(crate) fn request_extensions(
    identity: Option<&ClientIdentity>,
    secrets: impl Fn() -> Vec<Secret>,
) -> http::Extensions {
    let mut extensions = http::Extensions::new();
    #[cfg(feature = "testing")]
    extensions.insert(SecretsInRequest(secrets()));
    #[cfg(not(feature = "testing"))]
    let _ = secrets;
    if let Some(identity) = identity {
        extensions.insert(identity.clone());
    }
    extensions
}

/// A request of what an account keeps ready, with its body.
pub(super) fn ready_request(
    account: &Account,
    request: http::Request<()>,
    written: &CallBody,
    stream: Option<Body>,
) -> http::Request<Body> {
    let mut request = request.map(|()| body(written, stream));
    request.extensions_mut().extend(request_extensions(None, || account.secrets()));
    request
}

/// The body of a request, made anew for every try.
fn body(written: &CallBody, stream: Option<Body>) -> Body {
    match written.encoded() {
        Some(bytes) if bytes.is_empty() => Body::empty(),
        Some(bytes) => Body::full(bytes),
        None => stream.unwrap_or_else(Body::empty),
    }
}
