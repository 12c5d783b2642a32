//! The items that generated code and macros name: the items of `keyway-provider`, and what calls need.
//!
//! Not an interface for people: it changes together with the compiler and the macros. Nothing here acts.

pub use keyway_provider::__codegen::*;

/// Compiles providers where they are named or written, without a build script (feature `inline`).
///
/// ```text
/// keyway::providers!("acme.yaml");                             // every provider of the file
/// mod apis { keyway::providers!("acme.yaml", only = ["acme"]); } // some of them, in a module of their own
///
/// keyway::providers! {                                         // a private API, in Rust code
///     acme: {
///         display_name: "Acme",
///         docs: "https://wiki.acme.example/api",
///         categories: [crm],
///         auth_mode: API_KEY,
///         credentials: { apiKey: { type: string, title: "API key", description: "Made in the settings." } },
///         proxy: { base_url: "https://api.acme.example", headers: { "x-api-key": "${apiKey}" } },
///     },
/// }
/// ```
///
/// A file is relative to the package's folder; a mistake in it fails the build with the compiler's whole report.
/// Written here, every finding is shown at its own token: words and numbers stand as they are, everything else in
/// quotes.
#[cfg(feature = "inline")]
#[macro_export]
macro_rules! providers {
    ($($input:tt)*) => {
        $crate::__codegen::providers_from! { $crate; $($input)* }
    };
}

#[cfg(feature = "inline")]
pub use keyway_macros::providers as providers_from;

/// The items that the derives `Deserialize` and `Serialize` name.
#[cfg(feature = "macros")]
pub mod derived {
    pub use crate::derived::*;
}

/// The items that the methods of `#[api]` traits name.
pub mod endpoint {
    pub use crate::client::endpoint::{
        AsBytes, AsJson, AsNothing, AsText, ConstText, IntoBody, IntoBytes, OrAbsent, Outgoing, ReadAs, ReadFuture,
        WithHead, allows, no_host,
    };
    pub use crate::client::refusal::ErrorRule;
    pub use crate::client::{CallError, Client, Pages};
    pub use crate::error::Result;
    pub use crate::provider::Provider;
    pub use crate::response::paginate::{KindOverlay, PaginateOverlay};
    pub use crate::transport::Response;
    pub use http::Method;
    pub use keyway_spec::operation::ListStyle;
    pub use keyway_spec::proxy::OffsetCount;
}
