//! Beside a method: its documentation, and questions to the entry of its provider.

use crate::api::method::Endpoint;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

/// Verb and path, and the vendor's own page, below what the author wrote.
pub(super) fn documentation(endpoint: &Endpoint) -> Option<TokenStream> {
    let (_, path) = endpoint.path.as_ref()?;
    let host = endpoint.limits.host.as_ref().map_or_else(String::new, |host| format!(" on `{}`", host.value()));
    let link = endpoint.limits.docs.as_ref().map(|link| format!(", [documentation](<{}>)", link.value()));
    let line = format!("`{} {}`{host}{}", endpoint.verb.method, path.value(), link.unwrap_or_default());
    let has_text = endpoint.attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
    let space = has_text.then(|| quote!(#[doc = ""]));
    Some(quote!(#space #[doc = #line]))
}

/// Questions to the provider's entry that are asked when the trait is compiled.
pub(super) fn checks(endpoint: &Endpoint, provider: &syn::Path, runtime: &TokenStream) -> TokenStream {
    let conditions: Vec<_> = endpoint.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect();
    let spec = quote!(<#provider as #runtime::Provider>::SPEC);
    let pages = endpoint.pages.as_ref().and_then(|pages| pages.check(&spec, runtime));
    let pages = pages.map(|check| quote!(#(#conditions)* #check));
    let host = endpoint.limits.host.as_ref().map(|host| {
        quote_spanned! {host.span()=>
            #(#conditions)*
            const _: () = if !#runtime::allows(#spec, #host) {
                const SAID: #runtime::ConstText = #runtime::no_host(#spec, #host);
                ::core::panic!("{}", SAID.text())
            };
        }
    });
    quote!(#pages #host)
}
