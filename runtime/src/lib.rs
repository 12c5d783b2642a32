//! Connections, credentials and authenticated requests to other people's APIs, confined to where each credential
//! may go.
//!
//! ```text
//! ProviderSpec -> connection -> auth -> request -> transport -> response -> value | Error
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

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
