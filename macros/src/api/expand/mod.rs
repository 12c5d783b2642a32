//! The trait as Rust knows it, and its implementation.
//!
//! Everything is data to one type of the runtime, `__codegen::endpoint::Outgoing`; no behaviour is written here. What a
//! value must implement is asked for at the argument's own type, so that rustc points there.

mod asked;
mod call;

use super::Api;
use super::answer::AnswerShape;
use super::arguments::Arguments;
use super::method::{Endpoint, Method};
use asked::{checks, documentation};
use call::call;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Signature};

/// The trait and one implementation for each provider. Where something `is_sound` not, bodies do nothing: the mistake
/// is reported, and no other one should follow from it.
pub(super) fn items(arguments: &Arguments, api: &Api, is_sound: bool) -> TokenStream {
    let Arguments { providers, runtime, is_dyn } = arguments;
    let (runtime, is_dyn) = (quote!(#runtime::__codegen::endpoint), *is_dyn);
    let declared = api.methods.iter().map(|method| match method {
        Method::Endpoint(endpoint) => declaration(endpoint, &runtime, is_dyn),
        Method::Provided(function) => quote!(#function),
    });
    let item = shell(api, &quote!(#(#declared)*));
    if !api.is_whole {
        return item;
    }
    let name = &api.item.ident;
    let implementations = providers.iter().map(|provider| {
        let methods = api.methods.iter().filter_map(|method| match method {
            Method::Endpoint(endpoint) => Some(implementation(endpoint, &runtime, is_sound, is_dyn)),
            Method::Provided(_) => None,
        });
        let endpoints = api.methods.iter().filter_map(|method| match method {
            Method::Endpoint(endpoint) if is_sound => Some(&**endpoint),
            _ => None,
        });
        let checks = endpoints.map(|endpoint| checks(endpoint, provider, &runtime));
        quote! {
            #(#checks)*
            #[automatically_derived]
            impl #name for #runtime::Client<#provider> {
                #(#methods)*
            }
        }
    });
    quote!(#item #(#implementations)*)
}

/// The trait around its methods. It has no attribute of the tool `diagnostic`, which `#![no_implicit_prelude]` hides;
/// rustc names the clients that the trait is implemented for.
fn shell(api: &Api, methods: &TokenStream) -> TokenStream {
    let item = &api.item;
    let (attributes, visibility, name) = (&item.attrs, &item.vis, &item.ident);
    let (unsafety, generics, colon, supertraits) =
        (&item.unsafety, &item.generics, &item.colon_token, &item.supertraits);
    let condition = &item.generics.where_clause;
    quote! {
        #(#attributes)*
        #visibility #unsafety trait #name #generics #colon #supertraits #condition {
            #methods
        }
    }
}

/// The method in the trait.
fn declaration(endpoint: &Endpoint, runtime: &TokenStream, is_dyn: bool) -> TokenStream {
    let attributes = &endpoint.attributes;
    let signature = signature(endpoint, runtime, is_dyn);
    let end = quote_spanned!(end(endpoint)=> ;);
    let docs = documentation(endpoint);
    quote!(#(#attributes)* #docs #signature #end)
}

/// The method of a client.
fn implementation(endpoint: &Endpoint, runtime: &TokenStream, is_sound: bool, is_dyn: bool) -> TokenStream {
    let conditions = endpoint.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let signature = signature(endpoint, runtime, is_dyn);
    let is_paged = matches!(endpoint.answer, AnswerShape::Pages(_));
    let body = match (&endpoint.path, is_sound) {
        (Some((pieces, _)), true) => call(endpoint, pieces, runtime),
        _ if is_paged => quote!(::core::unreachable!()),
        _ => quote!(async { ::core::unreachable!() }),
    };
    let body = if is_dyn && !is_paged { quote!(::std::boxed::Box::pin(#body)) } else { body };
    // An argument is not used where the body does nothing.
    let lints = (!is_sound).then(|| quote!(#[allow(unused_variables)]));
    quote!(#(#conditions)* #lints #signature { #body })
}

/// The signature with the type that the method really gives back.
fn signature(endpoint: &Endpoint, runtime: &TokenStream, is_dyn: bool) -> TokenStream {
    let Signature { fn_token, ident, generics, inputs, .. } = &endpoint.signature;
    let condition = &generics.where_clause;
    let failure = endpoint.error.as_ref().map(|error| {
        let ty = &error.ty;
        quote!(, #runtime::CallError<#ty>)
    });
    let success = match &endpoint.answer {
        AnswerShape::Pages(item) => {
            return quote!(#fn_token #ident #generics (#inputs) -> #runtime::Pages<#item #failure> #condition);
        }
        AnswerShape::Value(ty, _) | AnswerShape::Raw(ty) | AnswerShape::Download(ty) => quote!(#ty),
        AnswerShape::Nothing => quote!(()),
    };
    let output = quote!(#runtime::Result<#success #failure>);
    let future = quote_spanned!(end(endpoint)=> ::core::future::Future<Output = #output> + ::core::marker::Send);
    let future = if is_dyn {
        quote_spanned!(end(endpoint)=> ::core::pin::Pin<::std::boxed::Box<dyn #future + '_>>)
    } else {
        quote_spanned!(end(endpoint)=> impl #future)
    };
    quote!(#fn_token #ident #generics (#inputs) -> #future #condition)
}

/// Where the author's signature ends. What stands at the end of ours is spanned there: a lint about the whole signature
/// is shown from `fn` to here, or, where the two ends come from different places, at the attribute.
fn end(endpoint: &Endpoint) -> Span {
    match &endpoint.signature.output {
        ReturnType::Type(_, ty) => ty.span(),
        ReturnType::Default => endpoint.signature.ident.span(),
    }
}
