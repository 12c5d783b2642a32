//! Calls to other people's APIs on behalf of your customers: credentials stored, renewed in time, and sent only to the
//! hosts where they belong.
//!
//! A *provider* is an API, described by an entry of a catalogue and compiled into a Rust module: take it from the crate
//! `keyway-providers`, or compile a file of your own with `keyway-compiler`. An *integration* is your own set-up of a
//! provider, such as an OAuth app. A *connection* is one customer's account at an integration.
//!
//! ```
//! # use keyway::provider::{ApiKeyCredentials, NoConfig, mode};
//! # use keyway::transport::{Body, BoxFuture, Transport};
//! # use keyway_spec::{Auth, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template};
//! # mod acme {
//! #     pub use keyway::provider::{ApiKeyCredentials as Credentials, NoConfig as Config};
//! #     pub enum Acme {}
//! # }
//! # const KEY: Reference = Reference { root: Root::Credentials, path: "apiKey", position: Position::Text };
//! # impl keyway::Provider for acme::Acme {
//! #     const SPEC: &'static ProviderSpec = &ProviderSpec {
//! #         key: "acme",
//! #         auth: Auth::ApiKey,
//! #         proxy: Some(Proxy {
//! #             base_url: Template::Text("https://api.acme.example"),
//! #             headers: &[("x-api-key", Template::Nodes(&[Node::Reference(KEY)]))],
//! #             ..Proxy::EMPTY
//! #         }),
//! #         hosts: Hosts { api: HostSet::Fixed(&["api.acme.example"]), ..Hosts::EMPTY },
//! #         ..ProviderSpec::EMPTY
//! #     };
//! #     type Auth = mode::ApiKey;
//! #     type Config = NoConfig;
//! #     type Credentials = ApiKeyCredentials;
//! # }
//! # /// Acme, played by the example itself.
//! # #[derive(Debug)]
//! # struct Loopback;
//! # impl Transport for Loopback {
//! #     fn send<'a>(
//! #         &'a self,
//! #         request: http::Request<Body>,
//! #         _: &'a keyway::egress::Egress,
//! #     ) -> BoxFuture<'a, keyway::Result<http::Response<Body>>> {
//! #         assert_eq!(request.uri(), "https://api.acme.example/me");
//! #         assert_eq!(request.headers()["x-api-key"], "a-customers-key");
//! #         Box::pin(async { Ok(http::Response::new(Body::full(r#"{"name": "Ada"}"#))) })
//! #     }
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! use acme::Acme; // a generated module
//! use keyway::{Integration, Keyway};
//!
//! let keyway = Keyway::builder()
//! #   .transport(Loopback)
//!     .integration(Integration::<Acme>::new("acme"))
//!     .build()?;
//! let acme = keyway.integration::<Acme>("acme")?;
//!
//! // Once for each customer: check the credential and store it.
//! let credentials = acme::Credentials { api_key: "a-customers-key".into() };
//! acme.connect("customer-42", acme::Config {}, credentials).import().await?;
//!
//! // For each call: the credential is renewed if it is due, placed as the API wants it, and sent to its hosts only.
//! let client = acme.client("customer-42").await?;
//! let me: serde_json::Value = client.get("/me").json().await?;
//! assert_eq!(me["name"], "Ada");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The page *Keyway as a library* of the book goes on from here: OAuth, stores and keys, errors, timeouts and retries,
//! sessions, hooks, tests.
//!
//! # Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `client` | yes | the runtime itself; without it, only what generated code names |
//! | `sqlite` | no | `Sqlite`, the embedded store, sealed with a key of your own |
//! | `macros` | no | `#[keyway::api]`: a trait of typed endpoints |
//! | `inline` | no | `providers!`: providers compiled where they are named or written, without a build script |
//! | `decompress` | no | gzip, deflate and brotli responses |
//! | `testing` | no | the module `testing`: a transport of expected requests |
//!
//! # Map
//!
//! | to | see |
//! |---|---|
//! | set up the library | [`Keyway::builder`], [`Builder`], [`Integration`] |
//! | connect a customer | [`client::TypedIntegration`]: `connect` for credentials, `authorize` for OAuth; [`Keyway::finish`] |
//! | call an API | [`Client`], [`Pages`]; by name at run time [`Keyway::send`] with a [`Call`] |
//! | act on a failure | [`Error`], [`ErrorKind`] |
//! | keep connections | [`store::Store`], [`seal::SealingKey`] |
//! | decide where credentials may go | [`EgressPolicy`], [`IntegrationRecord::allowed_hosts`] |
//! | replace a part | [`transport::Transport`], [`clock::Clock`], [`hooks::Hook`] |
//! | include providers | [`include_providers!`], [`Provider`] |

#[doc(hidden)]
#[path = "codegen.rs"]
pub mod __codegen;
pub mod provider;
pub mod secret;

pub use provider::{ConfigKey, CredentialKey, Provider};
pub use secret::Secret;

#[cfg(feature = "client")]
pub mod auth;
#[cfg(feature = "client")]
pub mod catalogue;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
pub mod clock;
#[cfg(feature = "client")]
pub mod connection;
#[cfg(feature = "client")]
pub mod credentials;
#[cfg(feature = "client")]
pub mod egress;
#[cfg(feature = "client")]
pub mod error;
#[cfg(feature = "client")]
pub mod fields;
#[cfg(feature = "client")]
pub mod hooks;
#[cfg(feature = "client")]
pub mod identity;
#[cfg(feature = "client")]
pub mod inputs;
#[cfg(feature = "client")]
pub mod integration;
#[cfg(feature = "client")]
mod json;
#[cfg(feature = "client")]
pub mod mask;
#[cfg(feature = "client")]
mod names;
#[cfg(feature = "client")]
mod parts;
#[cfg(feature = "client")]
mod path;
#[cfg(feature = "client")]
pub mod pattern;
#[cfg(feature = "client")]
mod pipeline;
#[cfg(feature = "client")]
pub mod planned;
#[cfg(feature = "client")]
mod redirect_uri;
#[cfg(feature = "client")]
mod refresh;
#[cfg(feature = "client")]
pub mod request;
#[cfg(feature = "client")]
pub mod response;
#[cfg(feature = "client")]
pub mod seal;
#[cfg(feature = "client")]
pub mod sign;
#[cfg(feature = "client")]
pub mod store;
#[cfg(feature = "client")]
pub mod template;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "client")]
pub mod transport;
#[cfg(feature = "client")]
mod webhook;

#[cfg(feature = "client")]
pub use catalogue::Catalogue;
#[cfg(feature = "client")]
pub use client::{Authorize, Builder, CallError, Client, Keyway, Pages, Started};
#[cfg(feature = "client")]
pub use connection::{Connection, ConnectionKey};
#[cfg(feature = "client")]
pub use credentials::Credentials;
#[cfg(feature = "client")]
pub use egress::EgressPolicy;
#[cfg(feature = "client")]
pub use error::{Error, ErrorKind, Result, Stage};
#[cfg(feature = "client")]
pub use integration::{Integration, IntegrationRecord};
#[cfg(feature = "macros")]
pub use keyway_macros::api;
#[cfg(feature = "client")]
pub use request::{Call, CallBody};
#[cfg(feature = "sqlite")]
pub use store::Sqlite;
#[cfg(feature = "client")]
pub use transport::Response;
