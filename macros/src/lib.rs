//! The procedural macros of `keyway`. Use them through that crate: its wrappers say where the runtime is.
//!
//! `providers!` (feature `inline`) compiles a file of providers where it is named. This crate holds no rule, no key
//! of the format and no model: it reads a file name, calls the compiler and hands its text on.

#[cfg(feature = "inline")]
mod providers;

/// Compiles a file of providers, relative to the package's folder: `providers!("acme.yaml", only = ["acme"])`.
///
/// Called as `keyway::providers!`, which puts the runtime's own path in front.
#[cfg(feature = "inline")]
#[proc_macro]
pub fn providers(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    providers::expand(input)
}
