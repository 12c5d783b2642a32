//! The items that generated code names, and the macro that includes it.
//!
//! Not an interface for people: it changes together with the compiler.

pub use crate::__keyway_choices as choices;
pub use crate::{ApiKeyCredentials, ClientSecretCredentials, NoConfig, NoCredentials, PasswordCredentials};
pub use keyway_spec::provider::ProviderSpec;

/// The imports of every module. Short, because each name costs each module some metadata. What the standard prelude has
/// too is for crates without it (`#![no_implicit_prelude]`).
pub mod prelude {
    pub use crate::secret::Secret;
    pub use crate::{ConfigKey, CredentialKey, Fields, Pairs, Provider, mode};
    pub use keyway_spec::provider::ProviderSpec;
    pub use std::convert::Into;
    pub use std::string::String;
}

/// The imports of a module `endpoints`.
#[cfg(feature = "endpoints")]
pub mod endpoint_prelude {
    pub use crate::endpoint::{Endpoint, EndpointValue, Paged};
    pub use keyway_spec::operation::Operation;
    pub use serde_json::Value as Json;
    pub use std::convert::{From, Into};
    pub use std::option::Option::{self, None, Some};
    pub use std::vec::Vec;
}

/// The types of a spec: imported where it is written, in a block, which costs nothing.
pub mod spec_prelude {
    pub use keyway_spec::auth::*;
    pub use keyway_spec::field::*;
    pub use keyway_spec::hosts::*;
    pub use keyway_spec::mode::Auth;
    pub use keyway_spec::operation::*;
    pub use keyway_spec::provider::*;
    pub use keyway_spec::proxy::*;
    pub use keyway_spec::quirks::*;
    pub use keyway_spec::template::*;
    pub use keyway_spec::value::*;
    pub use std::option::Option::{None, Some};
}

/// Includes the providers that the build script compiled with `keyway_compiler::build`.
///
/// ```text
/// keyway::include_providers!();                        // modules `acme`, `zendesk`, ... right here
/// keyway::include_providers!(mod apis);                // the same in a module of their own
/// keyway::include_providers!(mod internal, "internal"); // a second catalogue, built with `.named("internal")`
/// ```
///
/// Each module holds a marker type, `Config`, `Credentials` and `SPEC`; beside them stands `PROVIDERS`, sorted by key.
#[macro_export]
macro_rules! include_providers {
    () => {
        use $crate::__codegen as __keyway;
        $crate::include_providers!(@file "providers");
    };
    (mod $name:ident) => {
        $crate::include_providers!(mod $name, "providers");
    };
    (mod $name:ident, $catalogue:literal) => {
        /// Providers compiled by the build script.
        pub mod $name {
            use $crate::__codegen as __keyway;
            $crate::include_providers!(@file $catalogue);
        }
    };
    (@file $catalogue:literal) => {
        ::core::include!(::core::concat!(
            ::core::env!(
                "OUT_DIR",
                "this package has no build script: write a `build.rs` that calls \
                 `keyway_compiler::build::providers(\"providers.yaml\").compile()`"
            ),
            "/keyway/",
            $catalogue,
            ".rs"
        ));
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "write `include_providers!()`, `include_providers!(mod apis)`, or for a catalogue with a name \
             `include_providers!(mod apis, \"internal\")`"
        );
    };
}
