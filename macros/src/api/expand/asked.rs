//! Beside a method: its documentation, and questions to the entry of its provider.

use crate::api::method::Endpoint;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

/// Verb and path, and the vendor's own page, below what the author wrote.
pub(super) fn documentation(endpoint: &Endpoint) -> Option<TokenStream> {
    let (_, path) = endpoint.path.as_ref()?;
    let mut line = format!("`{} {}`", endpoint.verb.method, path.value());
    if let Some(host) = &endpoint.limits.host {
        line.push_str(&format!(" on `{}`", host.value()));
    }
    if let Some(link) = &endpoint.limits.docs {
        line.push_str(&format!(", [documentation](<{}>)", link.value()));
    }
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
                const SAID: #runtime::Said = #runtime::no_host(#spec, #host);
                ::core::panic!("{}", SAID.text())
            };
        }
    });
    quote!(#pages #host)
}
