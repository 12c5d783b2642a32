//! A client as a [`Service`], so that a stack of `tower` layers can stand around it: limits, timeouts, traces.
//!
//! It is always ready: what bounds calls is a layer's to say.

use super::{call_of, known};
use crate::client::typed::Client;
use crate::error::Error;
use crate::refresh::RefreshIf;
use crate::request::CallBody;
use crate::transport::{Body, BoxError, BoxFuture, Response};
use bytes::Bytes;
use http::Request;
use http_body::Body as HttpBody;
use std::task::{Context, Poll};
use tower_service::Service;

/// Requests are authenticated and sent as those of [`Client::request`], renewal, redirects and the check of the host
/// included. The URI is a whole URL on one of the provider's hosts, or a path below the base URL. A response is given
/// back whatever its status.
///
/// A body in memory ([`Client::authorize`] lists the types) can be sent again where [`Client::retries`] says so; any
/// other one is streamed and sent once. Headers of the connection (`host`, `content-length`) are the transport's to
/// write and are passed over.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # let keyway = acme::connected().await?;
/// # let mut client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
/// use keyway::transport::Body;
/// use tower_service::Service;
///
/// let request = http::Request::get("/me").body(Body::empty())?;
/// let response = client.call(request).await?; // usually by `tower::ServiceBuilder`
/// assert_eq!(response.status(), 200);
/// # Ok(())
/// # });
/// ```
impl<P, B> Service<Request<B>> for Client<P>
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Error;
    type Future = BoxFuture<'static, Result<Response, Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Client { keyway, key, retries, .. } = self.clone();
        let (head, body) = request.into_parts();
        let (body, stream) = split(body);
        Box::pin(async move {
            let account = keyway.inner.refresher.account(&key, RefreshIf::Due).await?;
            let moment = account.moment(&*keyway.engine().clock)?;
            let call = call_of(&account, &moment, &head);
            let mut call = call.map_err(|error| error.provider(account.spec.key).sent(false))?.body(body);
            call.safe_retries = retries;
            drop(account);
            keyway.send(&key, call, stream).await
        })
    }
}

/// A body as a call has it.
fn split<B>(body: B) -> (CallBody, Option<Body>)
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    match known::bytes(&body) {
        _ if body.is_end_stream() => (CallBody::Empty, None),
        Some(bytes) => (CallBody::Bytes(bytes), None),
        None => (CallBody::Stream, Some(Body::stream(body))),
    }
}
