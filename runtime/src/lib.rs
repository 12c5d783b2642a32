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
//! # use keyway::spec::{Auth, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template};
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
//! # Map
//!
//! | module | what is there | what to call first |
//! |---|---|---|
//! | [`client`] | integrations, connections, sign-in flows, calls, lists | [`Keyway::builder`], [`Keyway::integration`] |
//! | [`integration`] | the set-up of a provider, in code or stored | [`Integration::new`] |
//! | [`connection`] | a customer's account and its credentials | [`ConnectionKey::new`], [`Credentials`] |
//! | [`request`] | a call of a program that knows providers only at run time | [`Call::get`], [`Keyway::send`] |
//! | [`error`] | the one error, and what is known about it | [`Error::kind`], [`Error::retry_after`] |
//! | [`egress`] | what is allowed beyond public hosts and HTTPS | [`EgressPolicy`] |
//! | [`store`] | where it is all kept, and sealed | [`Sqlite`], [`SealingKey::generate`] |
//! | [`transport`] | what sends requests | [`transport::hyper::HyperTransport`] |
//! | [`hooks`] | code that an entry refers to by name | [`hooks::Hook`] |
//! | [`testing`] | a transport of expected requests, for tests | [`testing::Recorded`] |
//! | [`provider`] | what the types of generated code implement | generated code |
//! | [`spec`] | what an entry says, as data: the crate `keyway-spec` | [`Catalogue::get`] |
//!
//! No other crate has to be a dependency for any of these: the types of `keyway-spec` that show in signatures are in
//! [`spec`].
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `sqlite` | [`Sqlite`], a store in one file |
//! | `postgres` | `store::Postgres`, a store for several machines |
//! | `macros` | [`api`]: typed endpoints as a trait; [`Deserialize`](macro@Deserialize), [`Serialize`](macro@Serialize): types that are checked quickly |
//! | `inline` | `providers!`: providers compiled where they are named or written |
//! | `decompress` | gzip, deflate and brotli responses |
//! | `http-proxy` | [`transport::hyper::HyperBuilder::proxy`]: connections through an HTTP proxy |
//! | `native-roots` | [`transport::hyper::HyperBuilder::native_roots`]: the certificates of the operating system |
//! | `testing` | [`testing`] |
//! | `tower` | [`Client`] as a `tower` service |
#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

#[doc(hidden)]
#[path = "codegen.rs"]
pub mod __codegen;
mod account;
mod call;
#[doc(hidden)]
pub mod catalogue;
pub mod client;
#[doc(hidden)]
pub mod clock;
mod decompress;
#[cfg(feature = "macros")]
mod derived;
mod engine;
mod exchange;
pub mod hooks;
pub mod integration;
mod recent;
mod refresh;
#[doc(hidden)]
pub mod seal;
mod send;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod trace;
pub mod transport;

/// What generated types implement: providers, the shapes of their fields, their auth modes.
///
/// Programs name a provider's own `Config` and `Credentials`, which generated code declares, and begin with those.
pub mod provider {
    pub use keyway_provider::{
        ApiKeyCredentials, ClientSecretCredentials, ConfigKey, CredentialKey, Endpoint, EndpointValue, Fields, Mode,
        NoConfig, NoCredentials, Paged, Pairs, PasswordCredentials, Provider, ValueOf, fields, mode,
    };
}

/// Customers' accounts: their identity, configuration and credentials.
///
/// A program names a connection with [`ConnectionKey::new`], and reads what [`Keyway::fetch`](crate::Keyway::fetch)
/// returns. [`Credentials`] is what [`Keyway::import`](crate::Keyway::import) takes.
pub mod connection {
    #[doc(inline)]
    pub use keyway_core::connection::{ConfigMap, Connection, ConnectionKey, RefreshState};
    #[doc(hidden)]
    pub use keyway_core::connection::{Granted, PENDING, check, metadata, update};
    #[doc(inline)]
    pub use keyway_core::credentials::{Credentials, Token};
    #[doc(inline)]
    pub use keyway_core::fields::Trust;
}

/// Where a request may go: the operator's policy, and the set of hosts that a transport is given with each request.
///
/// A program sets [`EgressPolicy`] with [`Builder::egress`](crate::Builder::egress); only a transport of its own asks
/// an [`Egress`](egress::Egress).
pub mod egress {
    #[doc(hidden)]
    pub use keyway_core::egress::*;
    #[doc(inline)]
    pub use keyway_core::egress::{Egress, EgressPolicy, HostPattern, SecretOwner};
}

/// The one error, with its evidence and never a secret.
///
/// [`Error::needs_reconnect`], [`Error::retry_after`] and [`Error::kind`] are what a program decides by;
/// [`Error::evidence`] has the rest.
pub mod error {
    #[doc(inline)]
    pub use keyway_core::choices::{ChoiceOption, Choices};
    #[doc(inline)]
    pub use keyway_core::error::{Error, ErrorKind, Evidence, Result, Stage};
}

/// Calls as data, for programs that know providers only at run time, and what is known beside their responses.
///
/// [`Call::get`] or [`Call::new`] begins one, [`Keyway::send`](crate::Keyway::send) sends it.
pub mod request {
    #[doc(hidden)]
    pub use keyway_core::request::{
        BaseUrl, Prepared, USER_AGENT, addressed, base_url, check_base_url, depends_on_moment, egress, is_reserved,
        plan, plan_below, sent_query, shown, verification,
    };
    #[doc(inline)]
    pub use keyway_core::request::{Call, CallBody, Plan};
    #[doc(inline)]
    pub use keyway_core::response::paginate::{Kind as PaginateKind, Paginate};
    #[doc(inline)]
    pub use keyway_core::response::retry::GivenUp;
}

#[doc(inline)]
pub use keyway_spec as spec;

// For this project's own server, command line and tests. No interface: these change without notice.
#[doc(hidden)]
pub use keyway_core::{
    auth, credentials, fields, identity, inputs, operation, pattern, planned, response, secret, sign, template, values,
};
/// Secrets in texts, and requests as they may be shown.
#[doc(hidden)]
pub mod mask {
    pub use keyway_core::mask::*;
    pub use keyway_core::request::shown::{Masked, mask, reveal};
}

// What the runtime itself needs of what decides.
pub(crate) use keyway_core::{json, names, redirect_uri, webhook};

#[doc(no_inline)]
pub use bytes::Bytes; // of `-> Bytes` and `Part::bytes`
#[doc(inline)]
pub use catalogue::Catalogue;
pub use client::{
    Answer, Authorize, Builder, CallError, Client, Download, EndpointCall, Keyway, Multipart, Pages, Part,
    RevocationOutcome, Started, Upload,
};
#[doc(inline)]
pub use clock::{Clock, Timestamp};
pub use connection::{Connection, ConnectionKey, Credentials};
pub use egress::EgressPolicy;
pub use error::{Error, ErrorKind, Result, Stage};
pub use integration::{Integration, IntegrationRecord};
#[cfg(feature = "macros")]
pub use keyway_macros::{Deserialize, Serialize, api};
pub use keyway_provider::{ConfigKey, CredentialKey, Provider, Secret, include_providers};
pub use request::{Call, CallBody};
#[doc(inline)]
pub use seal::{SealingKey, SealingKeys};
pub use store::ConnectionQuery;
#[cfg(feature = "sqlite")]
pub use store::Sqlite;
pub use transport::Response;
