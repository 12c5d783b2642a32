//! The traits that generated types implement.
//!
//! A provider is a type without values: it names a spec, its auth mode ([`mode`]), and the shapes of what a connection
//! is made from ([`fields`]). With the feature `endpoints`, an operation that an entry vouches for is a type too
//! ([`endpoint`]). Programs name these items through the crate `keyway`, which has them at `keyway::provider` and
//! `keyway::Secret`. A catalogue of providers depends on this crate alone, so that it compiles
//! without a runtime.
//!
//! Nothing here sends, stores, or reads a clock: the only dependencies are the spec and the wiping of secrets.

#![cfg_attr(docsrs, feature(doc_cfg))] // which feature an item needs, where docs.rs builds

#[doc(hidden)]
#[path = "codegen.rs"]
pub mod __codegen;
#[cfg(feature = "endpoints")]
pub mod endpoint;
pub mod fields;
mod keys;
pub mod mode;
pub mod secret;

#[cfg(feature = "endpoints")]
pub use endpoint::{Endpoint, EndpointValue, Paged};
pub use fields::{
    ApiKeyCredentials, ClientSecretCredentials, Fields, NoConfig, NoCredentials, Pairs, PasswordCredentials,
};
pub use keys::{ConfigKey, CredentialKey, ValueOf};
use keyway_spec::ProviderSpec;
pub use mode::Mode;
pub use secret::Secret;

/// A provider, as a type. Generated code implements it; programs name it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a provider",
    label = "this is no provider's type",
    note = "name the type that stands for the provider: `acme::Acme`, not `acme::Config`"
)]
pub trait Provider: 'static {
    /// Everything the entry says.
    const SPEC: &'static ProviderSpec;
    /// The auth mode: it decides which ways there are to a connection.
    type Auth: Mode;
    /// The required configuration of a connection.
    type Config: Fields<String>;
    /// The credentials that a user must submit to connect.
    type Credentials: Fields<Secret>;
}
