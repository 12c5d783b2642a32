//! The page of a stand-in that is kept up: its account, its buttons, and the requests that it saw.
//!
//! Plain HTML with forms; no script runs, and nothing is loaded but the stylesheet beside it. Only the vendor's own
//! origin may press a button: another page in the same browser is refused.
//!
//! Reading order: [`action`] (the buttons), [`setup`] (the values that a person copies), `view` (the page).

mod action;
mod setup;
mod view;

pub use setup::{Setup, set_up};

use crate::listen::{Milliseconds, SharedVendor};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};
use view::view;

/// Where the overlay is, for `keyway serve --overlay -`.
pub const OVERLAY: &str = "/keyway/overlay.yaml";
/// Where buttons are pressed.
const PRESSED: &str = "/keyway/pressed";
/// Where the stylesheet is.
const STYLE: &str = "/keyway/stand-in.css";
/// The requests that are remembered.
const MAX_REMEMBERED: usize = 500;
/// The page loads its stylesheet and submits to itself; everything else is forbidden.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The page of one vendor.
#[derive(Clone)]
pub struct Desk {
    vendor: SharedVendor,
    now: Arc<Milliseconds>,
    address: SocketAddr,
    setup: Arc<Setup>,
    overlay: Bytes,
}

impl Desk {
    /// The page of a vendor that listens at an address. `overlay` is the YAML that moves its entry there.
    pub fn new(
        vendor: SharedVendor,
        now: impl Fn() -> i64 + Send + Sync + 'static,
        address: SocketAddr,
        setup: Setup,
        overlay: String,
    ) -> Desk {
        Desk { vendor, now: Arc::new(now), address, setup: Arc::new(setup), overlay: Bytes::from(overlay) }
    }

    /// Answers a request to the page; `None` for those that are for the vendor.
    pub fn answer(&self, request: &Request<Bytes>) -> Option<Response<Bytes>> {
        // Those with a foreign host are remembered, too.
        self.vendor.lock().unwrap_or_else(PoisonError::into_inner).forget_requests(MAX_REMEMBERED);
        let authority = request.uri().authority()?.as_str();
        let own = [self.address.to_string(), format!("localhost:{}", self.address.port())];
        if request.uri().scheme_str() != Some("http") || !own.iter().any(|own| own.eq_ignore_ascii_case(authority)) {
            return None;
        }
        match (request.method(), request.uri().path()) {
            (&Method::GET, "/") => Some(self.page(StatusCode::OK, None)),
            (&Method::GET, STYLE) => {
                Some(with(StatusCode::OK, "text/css; charset=utf-8", Bytes::from_static(include_bytes!("style.css"))))
            }
            (&Method::GET, OVERLAY) => Some(with(StatusCode::OK, "application/yaml", self.overlay.clone())),
            (&Method::POST, PRESSED) => Some(self.pressed(request, authority)),
            (_, "/" | STYLE | OVERLAY | PRESSED) => {
                let text = "a button is pressed on the page at `/`\n";
                Some(with(StatusCode::METHOD_NOT_ALLOWED, "text/plain; charset=utf-8", text.into()))
            }
            _ => None,
        }
    }

    fn pressed(&self, request: &Request<Bytes>, authority: &str) -> Response<Bytes> {
        let origin = request.headers().get(header::ORIGIN).map(HeaderValue::as_bytes);
        if origin.is_some_and(|origin| origin != format!("http://{authority}").as_bytes()) {
            let text = "another page may not press a button here\n";
            return with(StatusCode::FORBIDDEN, "text/plain; charset=utf-8", text.into());
        }
        let outcome = {
            let mut vendor = self.vendor.lock().unwrap_or_else(PoisonError::into_inner);
            action::press(&mut vendor, self.setup.spec, request.body(), (self.now)())
        };
        match outcome {
            Ok(()) => {
                let mut answer = with(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", Bytes::new());
                answer.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/"));
                answer
            }
            Err(problem) => self.page(StatusCode::UNPROCESSABLE_ENTITY, Some(&problem)),
        }
    }

    fn page(&self, status: StatusCode, problem: Option<&str>) -> Response<Bytes> {
        let vendor = self.vendor.lock().unwrap_or_else(PoisonError::into_inner);
        match view(&vendor, &self.setup, problem) {
            Ok(html) => with(status, "text/html; charset=utf-8", html.into()),
            Err(error) => {
                with(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", format!("{error}\n").into())
            }
        }
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("address", &self.address).finish_non_exhaustive()
    }
}

fn with(status: StatusCode, media_type: &'static str, body: Bytes) -> Response<Bytes> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        // With `no-referrer` browsers would not say that a form is the page's own.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    answer.headers_mut().extend(headers.map(|(name, value): (HeaderName, _)| (name, HeaderValue::from_static(value))));
    answer
}
