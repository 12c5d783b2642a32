//! The trait as Rust knows it, and its implementation.
//!
//! Everything is data to one type of the runtime, `__codegen::endpoint::Outgoing`; no behaviour is written here. What a
//! value must implement is asked for at the argument's own type, so that rustc points there.

use super::Api;
use super::answer::Returned;
use super::argument::{Argument, ArgumentKind};
use super::arguments::Arguments;
use super::body::{Body, BodyKind};
use super::method::{Endpoint, Method};
use super::path::Piece;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, LitStr, ReturnType, Signature};

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

/// Verb and path, and the vendor's own page, below what the author wrote.
fn documentation(endpoint: &Endpoint) -> Option<TokenStream> {
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
fn checks(endpoint: &Endpoint, provider: &syn::Path, runtime: &TokenStream) -> TokenStream {
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

/// The method of a client.
fn implementation(endpoint: &Endpoint, runtime: &TokenStream, is_sound: bool, is_dyn: bool) -> TokenStream {
    let conditions = endpoint.attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    let signature = signature(endpoint, runtime, is_dyn);
    let is_paged = matches!(endpoint.answer, Returned::Pages(_));
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
        Returned::Pages(item) => {
            return quote!(#fn_token #ident #generics (#inputs) -> #runtime::Pages<#item #failure> #condition);
        }
        Returned::Value(ty, _) | Returned::Raw(ty) | Returned::Download(ty) => quote!(#ty),
        Returned::Nothing => quote!(()),
    };
    let output = quote!(#runtime::Result<#success #failure>);
    let future = quote!(::core::future::Future<Output = #output> + ::core::marker::Send);
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

/// The call, put together in the order of an HTTP request.
fn call(endpoint: &Endpoint, pieces: &[Piece], runtime: &TokenStream) -> TokenStream {
    let method = Ident::new(endpoint.verb.method, Span::call_site());
    let this = endpoint.signature.inputs.first().and_then(|first| match first {
        FnArg::Receiver(receiver) => Some(receiver.self_token),
        FnArg::Typed(_) => None,
    });
    let path = pieces.iter().map(|piece| {
        let of = |method| {
            let argument = endpoint.arguments.iter().find(|argument| Some(&argument.name()) == piece.name());
            argument.map(|argument| value(argument, method, &argument.name())).unwrap_or_default()
        };
        match piece {
            Piece::Text(text) => quote!(.text(#text)),
            Piece::Value(_) => of("part"),
            Piece::Rest(_) => of("parts"),
        }
    });
    let headers = endpoint.headers.iter().map(|(name, value)| quote!(.header(#name, #value)));
    let rest = endpoint.arguments.iter().map(|argument| match &argument.place {
        ArgumentKind::Path | ArgumentKind::Unread => TokenStream::new(),
        ArgumentKind::Query(query) => {
            let name = query.name.as_ref().map_or_else(|| argument.name(), LitStr::value);
            match &query.style {
                None => value(argument, "query", &name),
                Some(style) => {
                    let (ident, own) = (&argument.ident, argument.name());
                    let name = match &query.name {
                        Some(name) => quote!(::core::option::Option::Some(#name)),
                        None => quote!(::core::option::Option::None),
                    };
                    let style = quote!(#runtime::Style::#style);
                    quote_spanned!(argument.ty.span()=> .styled_query(#own, #name, #style, &#ident))
                }
            }
        }
        ArgumentKind::Header(name) => value(argument, "header", &name.value()),
        ArgumentKind::Body(body) => of_body(argument, body, runtime),
    });
    let media_types = endpoint.arguments.iter().filter_map(|argument| match &argument.place {
        ArgumentKind::Body(Body { media_type: Some(media_type), .. }) => Some(quote!(.media_type(#media_type))),
        _ => None,
    });
    let limits = limits(endpoint);
    // Each type is asked to be readable where it is written.
    let refusal = endpoint.error.as_ref().map(|error| {
        let (ty, rules) = (&error.ty, error.rules(runtime));
        quote_spanned!(ty.span()=> .refusal::<#ty>(#rules))
    });
    let end = match &endpoint.answer {
        Returned::Value(ty, reading) => {
            let marker = reading.marker(runtime);
            quote_spanned!(ty.span()=> read::<#marker>())
        }
        Returned::Nothing => quote!(read::<#runtime::AsNothing>()),
        Returned::Raw(_) => quote!(raw()),
        Returned::Download(_) => quote!(download()),
        Returned::Pages(item) => {
            let rule = endpoint.pages.as_ref().map(|pages| pages.data(runtime));
            quote_spanned!(item.span()=> pages::<#item>(#rule))
        }
    };
    quote! {
        #runtime::Outgoing::new(#this, #runtime::Method::#method)
            #(#path)* #(#headers)* #(#rest)* #(#media_types)* #limits #refusal .#end
    }
}

fn limits(endpoint: &Endpoint) -> TokenStream {
    let limits = &endpoint.limits;
    let host = limits.host.as_ref().map(|host| quote!(.host(#host)));
    let retries = limits.retries.as_ref().map(|retries| quote!(.retries(#retries)));
    let idempotent = limits.idempotent.as_ref().map(|header| quote!(.idempotent(#header)));
    let timeout = limits.timeout.map(|milliseconds| quote!(.timeout(#milliseconds)));
    let statuses = &limits.absent;
    let absent = (!statuses.is_empty()).then(|| quote!(.absent(&[#(#statuses),*])));
    quote!(#host #retries #idempotent #timeout #absent)
}

fn of_body(argument: &Argument, body: &Body, runtime: &TokenStream) -> TokenStream {
    let (ident, name, span) = (&argument.ident, argument.name(), argument.ty.span());
    match &body.kind {
        BodyKind::Json => value(argument, "json", &name),
        BodyKind::Form(None) => value(argument, "form", &name),
        BodyKind::Form(Some(style)) => {
            let style = quote!(#runtime::Style::#style);
            quote_spanned!(span=> .nested_form(#name, #style, &#ident))
        }
        BodyKind::Bytes => quote_spanned!(span=> .bytes(#ident)),
        BodyKind::Multipart => value(argument, "multipart", &name),
        BodyKind::Stream => quote_spanned!(span=> .stream(#ident)),
    }
}

fn value(argument: &Argument, method: &str, name: &str) -> TokenStream {
    let span = argument.ty.span();
    let (method, ident) = (Ident::new(method, span), &argument.ident);
    quote_spanned!(span=> .#method(#name, &#ident))
}
