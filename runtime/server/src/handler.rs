//! Every request, as it comes from a connection: a proxied one is answered here, any other by the router.
//!
//! The order is the router's: framing, API key, proxy. So a proxied request is answered alike on both ways; this one
//! has no layers and no boxed bodies.

use crate::answered::Line;
use crate::app::App;
use crate::error::ApiError;
use crate::proxy::{self, Forwarding, RelayedBody};
use crate::{auth, framing};
use axum::Router;
use axum::body::Body;
use axum::response::IntoResponse;
use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use keyway::transport::BoxError;
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

type Answering = Pin<Box<dyn Future<Output = Result<Response<AnsweredBody>, Infallible>> + Send>>;

/// What a server answers requests with: made by [`crate::handler`], or from a router.
#[derive(Clone)]
pub struct Handler {
    /// `None` where the router answers everything.
    proxy: Option<Arc<App>>,
    router: TowerToHyperService<Router>,
}

/// The body of an answer, made here or by the router.
pub struct AnsweredBody(Either);

enum Either {
    Relayed(RelayedBody),
    Routed(Body),
}

impl Handler {
    pub(crate) fn new(app: Arc<App>, router: Router) -> Handler {
        Handler { proxy: Some(app), ..Handler::from(router) }
    }
}

impl From<Router> for Handler {
    fn from(router: Router) -> Handler {
        Handler { proxy: None, router: TowerToHyperService::new(router) }
    }
}

impl std::fmt::Debug for Handler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handler")
    }
}

impl Service<Request<Incoming>> for Handler {
    type Response = Response<AnsweredBody>;
    type Error = Infallible;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        match &self.proxy {
            Some(app) if proxy::is_proxied(request.uri().path()) => proxied(Arc::clone(app), request),
            _ => {
                let answering = self.router.call(request);
                Box::pin(async move { Ok(answering.await?.map(|body| AnsweredBody(Either::Routed(body)))) })
            }
        }
    }
}

/// The answer to a request of the proxy. All that can be read of the request is read here, before anything waits: the
/// future holds what is sent on, and no more.
fn proxied(app: Arc<App>, request: Request<Incoming>) -> Answering {
    let line = Line::begin(request.method(), request.uri().path());
    let checked = checked(&app, request);
    let log = move |response: Response<AnsweredBody>| {
        if let Some(line) = line {
            line.end(response.status());
        }
        Ok(response)
    };
    match checked {
        Err(error) => Box::pin(std::future::ready(log(refused(&app, error)))),
        Ok(mut forwarding) => Box::pin(async move {
            let response = match forwarding.send(&app).await {
                Ok(response) => response.map(|body| AnsweredBody(Either::Relayed(body))),
                Err(error) => refused(&app, error),
            };
            log(response)
        }),
    }
}

/// The answer of an error, which the operator sees among the latest.
fn refused(app: &App, error: ApiError) -> Response<AnsweredBody> {
    let response = error.into_response();
    app.refusals.note(app.keyway.clock().now(), "/proxy", response.status().as_u16(), response.headers());
    response.map(|body| AnsweredBody(Either::Routed(body)))
}

fn checked(app: &App, request: Request<Incoming>) -> Result<Forwarding<Incoming>, ApiError> {
    framing::validate(request.version(), request.headers())?;
    auth::check(app, request.headers())?;
    proxy::read(request)
}

impl HttpBody for AnsweredBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.get_mut().0 {
            Either::Relayed(body) => Pin::new(body).poll_frame(cx),
            Either::Routed(body) => Pin::new(body).poll_frame(cx).map_err(Into::into),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Either::Relayed(body) => body.is_end_stream(),
            Either::Routed(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Either::Relayed(body) => body.size_hint(),
            Either::Routed(body) => body.size_hint(),
        }
    }
}
