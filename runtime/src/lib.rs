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
#[cfg(feature = "sqlite")]
pub use store::Sqlite;
pub use transport::Response;
