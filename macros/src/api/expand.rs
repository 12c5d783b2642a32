//! The trait as Rust knows it, and its implementation.
//!
//! Everything is data to one type of the runtime, `__codegen::endpoint::Outgoing`; no behaviour is written here. What a
//! value must implement is asked for at the argument's own type, so that rustc points there.

use super::Api;
use super::answer::Answer;
use super::argument::{Argument, ArgumentKind, BodyKind};
use super::arguments::Arguments;
use super::method::{Endpoint, Method};
use super::path::Piece;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, ReturnType, Signature};

/// The trait and one implementation for each provider. Where something `is_sound` not, bodies do nothing: the mistake
/// is reported, and no other one should follow from it.
pub(super) fn items(arguments: &Arguments, api: &Api, is_sound: bool) -> TokenStream {
    let Arguments { providers, runtime } = arguments;
    let runtime = quote!(#runtime::__codegen::endpoint);
    let declared = api.methods.iter().map(|method| match method {
        Method::Endpoint(endpoint) => declaration(endpoint, &runtime),
        Method::Provided(function) => quote!(#function),
    });
    let item = shell(api, &quote!(#(#declared)*));
    if !api.is_whole {
        return item;
    }
    let name = &api.item.ident;
    let implementations = providers.iter().map(|provider| {
        let methods = api.methods.iter().filter_map(|method| match method {
            Method::Endpoint(endpoint) => Some(implementation(endpoint, &runtime, is_sound)),
            Method::Provided(_) => None,
        });
        quote! {
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
fn declaration(endpoint: &Endpoint, runtime: &TokenStream) -> TokenStream {
    let attributes = &endpoint.attributes;
    let signature = signature(endpoint, runtime);
    let end = quote_spanned!(end(endpoint)=> ;);
    quote!(#(#attributes)* #signature #end)
}

/// The method of a client.
fn implementation(endpoint: &Endpoint, runtime: &TokenStream, is_sound: bool) -> TokenStream {
    let conditions = endpoint.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let signature = signature(endpoint, runtime);
    let body = match (&endpoint.path, is_sound) {
        (Some((pieces, _)), true) => call(endpoint, pieces, runtime),
        _ if matches!(endpoint.answer, Answer::Pages(_)) => quote!(::core::unreachable!()),
        _ => quote!(async { ::core::unreachable!() }),
    };
    // An argument is not used where the body does nothing.
    let lints = (!is_sound).then(|| quote!(#[allow(unused_variables)]));
    quote!(#(#conditions)* #lints #signature { #body })
}

/// The signature with the type that the method really gives back.
fn signature(endpoint: &Endpoint, runtime: &TokenStream) -> TokenStream {
    let Signature { fn_token, ident, generics, inputs, .. } = &endpoint.signature;
    let condition = &generics.where_clause;
    let success = match &endpoint.answer {
        Answer::Pages(item) => return quote!(#fn_token #ident #generics (#inputs) -> #runtime::Pages<#item> #condition),
        Answer::Json(ty) | Answer::Raw(ty) => quote!(#ty),
        Answer::Nothing => quote!(()),
    };
    let failure = endpoint.error.as_ref().map(|error| quote!(, #runtime::CallError<#error>));
    let output = quote!(#runtime::Result<#success #failure>);
    let future = quote_spanned! {end(endpoint)=>
        impl ::core::future::Future<Output = #output> + ::core::marker::Send
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

/// The call, put together in the order of an HTTP request.
fn call(endpoint: &Endpoint, pieces: &[Piece], runtime: &TokenStream) -> TokenStream {
    let method = Ident::new(endpoint.verb.method, Span::call_site());
    let this = endpoint.signature.inputs.first().and_then(|first| match first {
        FnArg::Receiver(receiver) => Some(receiver.self_token),
        FnArg::Typed(_) => None,
    });
    let path = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => quote!(.text(#text)),
        Piece::Value(name) => {
            let argument = endpoint.arguments.iter().find(|argument| argument.name() == *name);
            argument.map(|argument| value(argument, "part", name)).unwrap_or_default()
        }
    });
    let headers = endpoint.headers.iter().map(|(name, value)| quote!(.header(#name, #value)));
    let rest = endpoint.arguments.iter().map(|argument| match &argument.place {
        ArgumentKind::Path | ArgumentKind::Unread => TokenStream::new(),
        ArgumentKind::Query(name) => value(argument, "query", name),
        ArgumentKind::Header(name) => value(argument, "header", &name.value()),
        ArgumentKind::Body(BodyKind::Json) => value(argument, "json", &argument.name()),
        ArgumentKind::Body(BodyKind::Form) => value(argument, "form", &argument.name()),
        ArgumentKind::Body(BodyKind::Bytes) => {
            let ident = &argument.ident;
            quote_spanned!(argument.ty.span()=> .bytes(#ident))
        }
    });
    // Each type is asked to be readable where it is written.
    let refusal = endpoint.error.as_ref().map(|error| quote_spanned!(error.span()=> .refusal::<#error>()));
    let end = match &endpoint.answer {
        Answer::Json(ty) => quote_spanned!(ty.span()=> read()),
        Answer::Nothing => quote!(done()),
        Answer::Raw(_) => quote!(raw()),
        Answer::Pages(item) => quote_spanned!(item.span()=> pages()),
    };
    quote! {
        #runtime::Outgoing::new(#this, #runtime::Method::#method) #(#path)* #(#headers)* #(#rest)* #refusal .#end
    }
}

fn value(argument: &Argument, method: &str, name: &str) -> TokenStream {
    let span = argument.ty.span();
    let (method, ident) = (Ident::new(method, span), &argument.ident);
    quote_spanned!(span=> .#method(#name, &#ident))
}
