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
#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

#[doc(hidden)]
#[path = "codegen.rs"]
pub mod __codegen;
/// What generated types implement: providers, the shapes of their fields, their auth modes.
pub mod provider {
    pub use keyway_provider::{
        ApiKeyCredentials, ClientSecretCredentials, ConfigKey, CredentialKey, Fields, Mode, NoConfig, NoCredentials,
        Pairs, PasswordCredentials, Provider, ValueOf, fields, mode,
    };
}

pub use keyway_provider::{ConfigKey, CredentialKey, Provider, Secret, include_providers, secret};

mod account;
mod call;
pub mod catalogue;
pub mod client;
pub mod clock;
mod decompress;
mod engine;
mod exchange;
pub mod hooks;
pub mod integration;
mod refresh;
pub mod seal;
mod send;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod trace;
pub mod transport;

pub use keyway_core::{connection, credentials, egress, error, fields, request, response};
// For this project's own tools and tests. No interface: these change without notice.
#[doc(hidden)]
pub use keyway_core::{auth, identity, inputs, pattern, planned, sign, template};

/// Secrets in texts, and requests as they may be shown.
pub mod mask {
    pub use keyway_core::mask::*;
    pub use keyway_core::request::shown::{Masked, mask, reveal};
}

// What the runtime itself needs of what decides.
pub(crate) use keyway_core::{json, names, redirect_uri, webhook};

pub use catalogue::Catalogue;
pub use client::{Authorize, Builder, CallError, Client, Keyway, Pages, Started};
pub use connection::{Connection, ConnectionKey};
pub use credentials::Credentials;
pub use egress::EgressPolicy;
pub use error::{Error, ErrorKind, Result, Stage};
pub use integration::{Integration, IntegrationRecord};
#[cfg(feature = "macros")]
pub use keyway_macros::api;
pub use request::{Call, CallBody};
pub use store::ConnectionQuery;
#[cfg(feature = "sqlite")]
pub use store::Sqlite;
pub use transport::Response;
