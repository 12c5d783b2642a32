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
//! Strict: requests come in this order ([`Recorded::unordered`]: in any), each as often as it is expected
//! ([`Exchange::times`], [`Exchange::any_times`]), and nothing else is sent. Method, URL, query (in any order), the
//! body and the headers that an expectation names have to be equal; other headers may be there. A request that differs
//! fails the call with both requests side by side; secrets are shown as `***`.
//!
//! Faults are those of a network and a vendor: [`Exchange::reset`], [`Exchange::unreachable`], [`Exchange::slow`],
//! [`Exchange::breaks_off`], [`Exchange::too_many_requests`]. [`connect`] makes a client of a customer who is connected
//! already, with a living token or an expired one.

mod compare;
mod connect;
mod exchange;
mod recorded;

pub use connect::{ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, CONNECTION, Connecting, REFRESH_TOKEN, connect};
pub use exchange::{Exchange, delete, get, head, patch, post, put, request};
pub use recorded::{Mismatch, Recorded};
