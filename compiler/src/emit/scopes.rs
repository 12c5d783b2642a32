//! The scopes that a catalogue lists, as constants.

use super::docs;
use super::tokens::ident;
use proc_macro2::TokenStream;
use quote::quote;

/// `pub mod scopes`; nothing where there are none.
pub(super) fn constants(scopes: &[(String, &'static str)]) -> TokenStream {
    if scopes.is_empty() {
        return TokenStream::new();
    }
    let constants = scopes.iter().map(|(name, scope)| {
        let (name, doc) = (ident(name), format!(" {}", docs::code(scope)));
        quote!(#[doc = #doc] pub const #name: &str = #scope;)
    });
    quote! {
        /// Scopes that an integration may ask for.
        pub mod scopes {
            #(#constants)*
        }
    }
}
