//! The body of a method: a chain of calls of the runtime's `Outgoing`.

use crate::api::answer::{AnswerShape, ReadKind};
use crate::api::argument::{Argument, ArgumentKind};
use crate::api::body::{BodyArgument, BodyKind};
use crate::api::method::Endpoint;
use crate::api::path::Piece;
use crate::api::setting::option;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, LitStr};

/// The call, put together in the order of an HTTP request.
pub(super) fn call(endpoint: &Endpoint, pieces: &[Piece], runtime: &TokenStream) -> TokenStream {
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
                    let name = option(query.name.as_ref());
                    let style = quote!(#runtime::ListStyle::#style);
                    quote_spanned!(argument.ty.span()=> .styled_query(#own, #name, #style, &#ident))
                }
            }
        }
        ArgumentKind::Header(name) => value(argument, "header", &name.value()),
        ArgumentKind::Body(body) => of_body(argument, body, runtime),
    });
    let media_types = endpoint.arguments.iter().filter_map(|argument| match &argument.place {
        ArgumentKind::Body(BodyArgument { media_type: Some(media_type), .. }) => Some(quote!(.media_type(#media_type))),
        _ => None,
    });
    let limits = limits(endpoint);
    // Each type is asked to be readable where it is written.
    let refusal = endpoint.error.as_ref().map(|error| {
        let (ty, rules) = (&error.ty, error.rules(runtime));
        quote_spanned!(ty.span()=> .refusal::<#ty>(#rules))
    });
    let end = match &endpoint.answer {
        AnswerShape::Value(ty, reading) => {
            let span = match reading.innermost() {
                ReadKind::Json(inner) => inner.span(),
                _ => ty.span(),
            };
            let marker = reading.marker(&located(runtime.clone(), span), span);
            quote_spanned!(span=> read::<#marker>())
        }
        AnswerShape::Nothing => quote!(read::<#runtime::AsNothing>()),
        AnswerShape::Raw(_) => quote!(raw()),
        AnswerShape::Download(_) => quote!(download()),
        AnswerShape::Pages(item) => {
            let rule = endpoint.pages.as_ref().map(|pages| pages.data(runtime));
            quote_spanned!(item.span()=> pages::<#item>(#rule))
        }
    };
    quote! {
        #runtime::Outgoing::new(#this, #runtime::Method::#method)
            #(#path)* #(#headers)* #(#rest)* #(#media_types)* #limits #refusal .#end
    }
}

/// A path, shown at another place: rustc points at the attribute where one token is of the macro's making. `$crate`
/// means something only where it was written.
fn located(path: TokenStream, span: Span) -> TokenStream {
    let moved = path.into_iter().map(|mut token| {
        if !matches!(&token, TokenTree::Ident(ident) if ident == "$crate") {
            token.set_span(span);
        }
        token
    });
    moved.collect()
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

fn of_body(argument: &Argument, body: &BodyArgument, runtime: &TokenStream) -> TokenStream {
    let (ident, name, span) = (&argument.ident, argument.name(), argument.ty.span());
    match &body.kind {
        BodyKind::Json => value(argument, "json", &name),
        BodyKind::Form(None) => value(argument, "form", &name),
        BodyKind::Form(Some(style)) => {
            let style = quote!(#runtime::ListStyle::#style);
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
