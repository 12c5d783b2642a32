//! `#[derive(keyway::Deserialize, keyway::Serialize)]`: serde's traits for plain structs, enums of texts and
//! enums of values.
//!
//! ```text
//! tokens -> item, variants, settings -> shape -> read, write -> impl
//! ```
//!
//! One call of the runtime's `__codegen::derived` for each type, with names and no code of its own, so that rustc
//! checks little. What serde's own derives know beyond that is refused here, and they are named: never is an attribute
//! ignored that would change what is read or written.

mod item;
mod read;
mod settings;
mod shape;
#[cfg(test)]
mod tests;
mod variants;
mod write;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use shape::Derived;
use syn::{Ident, Item};

/// The longest tuple of the runtime's. What is longer is `More` of tuples.
const MAX_TUPLE: usize = 16;

/// `impl Deserialize`.
pub(super) fn deserialize(item: TokenStream) -> TokenStream {
    expand(item, read::implementation)
}

/// `impl Serialize`.
pub(super) fn serialize(item: TokenStream) -> TokenStream {
    expand(item, write::implementation)
}

fn expand(item: TokenStream, implementation: fn(&Derived) -> TokenStream) -> TokenStream {
    let derived = syn::parse2::<Item>(item).and_then(|item| item::read(&item));
    derived.map_or_else(syn::Error::into_compile_error, |derived| implementation(&derived))
}

/// Members as a tuple, or as several where they are many.
fn tuple(members: &[TokenStream], support: &TokenStream) -> TokenStream {
    match members.split_at_checked(MAX_TUPLE) {
        Some((first, rest)) if !rest.is_empty() => {
            let rest = tuple(rest, support);
            quote!(#support::More((#(#first,)*), #rest))
        }
        _ => quote!((#(#members,)*)),
    }
}

/// A name for a member that is no constant of the user's.
fn numbered(index: usize) -> Ident {
    format_ident!("__{}", index)
}
