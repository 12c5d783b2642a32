//! A transport for tests of programs that use Keyway: requests that are expected, each with its answer.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! use keyway::testing::{Recorded, get, post};
//! use serde_json::json;
//! # use keyway::{Call, Catalogue, ConnectionKey, Credentials, IntegrationRecord, Keyway, connection::ConfigMap};
//! # use keyway::spec::{Auth, HostSet, Hosts, ProviderSpec, Proxy, Template};
//! # static ACME: ProviderSpec = ProviderSpec {
//! #     key: "acme",
//! #     auth: Auth::None,
//! #     proxy: Some(Proxy { base_url: Template::Text("https://api.acme.example"), ..Proxy::EMPTY }),
//! #     hosts: Hosts { api: HostSet::Fixed(&["api.acme.example"]), ..Hosts::EMPTY },
//! #     ..ProviderSpec::EMPTY
//! # };
//!
//! let api = Recorded::new([
//!     get("https://api.acme.example/tickets?state=open").reply(json!([{"id": 1}])),
//!     post("https://api.acme.example/tickets").json(json!({"title": "x"})).reply_with(422, json!({"error": "no"})),
//! ]);
//! let keyway = Keyway::builder()
//!     .transport(api.clone())
//! #   .catalogue(Catalogue::from_iter([&ACME]))
//! #   .integration_record(IntegrationRecord::without_scopes("acme", "acme"))
//!     // ... integrations, as in production
//!     .build()?;
//! // ... what is to be tested
//! # let key = ConnectionKey::new("acme", "1");
//! # let none = (ConfigMap::new(), serde_json::Map::new(), Credentials::default());
//! # keyway.import(key.clone(), none.0, none.1, none.2, keyway::connection::Trust::User).await?;
//! # let call = |method, endpoint: &str, body| Call::new(method, endpoint).body(body);
//! # keyway.send(&key, call(http::Method::GET, "/tickets?state=open", Default::default()), None).await?;
//! # let body = keyway::CallBody::Json(json!({"title": "x"}));
//! # keyway.send(&key, call(http::Method::POST, "/tickets", body), None).await?;
//! api.finish()?; // every expected request was sent
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Strict: requests come in this order, and nothing else is sent. Method, URL, query (in any order), the body and the
//! headers that an expectation names have to be equal; other headers may be there. A request that differs fails the
//! call with both requests side by side; secrets are shown as `***`.

mod compare;
mod exchange;

pub(crate) use compare::SecretsInRequest;
pub use exchange::{Exchange, delete, get, head, patch, post, put, request};

use crate::egress::Egress;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::transport::{Body, BoxFuture, Response, Transport};
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The largest body that is compared, in bytes: 16 MiB.
const MAX_BODY: usize = 16 << 20;

/// A transport that answers expected requests. Clones share what is left.
#[derive(Clone)]
pub struct Recorded {
    state: Arc<Mutex<State>>,
}

struct State {
    left: VecDeque<Exchange>,
    count: usize,
    /// The first failure.
    mismatch: Option<String>,
}

/// A test did not send the expected requests. `Debug` prints the report, for `unwrap`.
pub struct Mismatch(String);

impl Recorded {
    /// Answers these requests, in this order.
    pub fn new(exchanges: impl IntoIterator<Item = Exchange>) -> Recorded {
        let left: VecDeque<Exchange> = exchanges.into_iter().collect();
        let state = State { count: left.len(), left, mismatch: None };
        Recorded { state: Arc::new(Mutex::new(state)) }
    }

    /// An error unless every expected request was sent, and none besides. Call it at the end of a test.
    pub fn finish(&self) -> Result<(), Mismatch> {
        let state = self.lock();
        if let Some(mismatch) = &state.mismatch {
            return Err(Mismatch(mismatch.clone()));
        }
        if state.left.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = state.left.iter().map(|exchange| format!("\n  - {}", exchange.line())).collect();
        Err(Mismatch(format!("{} of {} requests were not sent:{}", lines.len(), state.count, lines.concat())))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a request, or how it differs from the expected one.
    fn answer(&self, seen: &compare::Seen) -> Result<Response> {
        let mut state = self.lock();
        let number = state.count - state.left.len() + 1;
        let difference = match state.left.front() {
            None => Some(format!("request {number} was not expected:\n{}", compare::unexpected(seen))),
            Some(expected) => compare::difference(expected, seen)
                .map(|lines| format!("request {number} of {} is not the expected one:\n{lines}", state.count)),
        };
        if let Some(difference) = difference {
            state.mismatch.get_or_insert_with(|| difference.clone());
            return Err(Error::new(ErrorKind::InvalidRequest, difference).stage(Stage::Testing).sent(false));
        }
        match state.left.pop_front() {
            Some(expected) => expected.response(),
            None => Err(Error::new(ErrorKind::Internal, "no exchange is left")),
        }
    }
}

impl Transport for Recorded {
    fn send<'a>(&'a self, request: http::Request<Body>, _egress: &'a Egress) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect(MAX_BODY).await?;
            self.answer(&compare::Seen::new(&head, &body))
        })
    }
}

impl fmt::Debug for Recorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded").field("left", &self.lock().left.len()).finish_non_exhaustive()
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Mismatch {}
