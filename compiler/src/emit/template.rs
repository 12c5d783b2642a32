//! Templates as expressions: one line per type.

use super::tokens::{Emit, emit_struct, emit_words, holding};
use keyway_spec::template::{DatePart, Function, Node, Now, Offset, Position, Reference, Root, Template, Unit};
use proc_macro2::TokenStream;
use quote::quote;

emit_struct!(whole Reference { root, path, position });
emit_words!(Position { Text, Quoted, Origin, Host, HostLabel, Port, Segment, Path, Query, Fragment });
emit_words!(Function {
    Base64,
    Sha256Hex,
    Sha256Base64,
    HmacSha1Hex,
    HmacSha256Hex,
    Truncate,
    Ed25519Sign,
    Fingerprint,
    AwsSigV4
});
emit_struct!(whole Now { offset, format });
emit_struct!(whole Offset { amount, unit });
emit_words!(Unit { Milliseconds, Seconds, Minutes, Hours, Days, Weeks, Months, Years });

impl Emit for Template {
    fn emit(&self) -> TokenStream {
        match self {
            Template::Text("") => quote!(Template::EMPTY),
            Template::Text(text) => holding!(Template, Text, text),
            Template::Nodes(nodes) => holding!(Template, Nodes, nodes),
        }
    }
}

impl Emit for Node {
    fn emit(&self) -> TokenStream {
        match self {
            Node::Text(text) => holding!(Node, Text, text),
            Node::Reference(reference) => holding!(Node, Reference, reference),
            Node::Call(function, arguments) => {
                let (function, arguments) = (function.emit(), arguments.emit());
                quote!(Node::Call(#function, #arguments))
            }
            Node::Now(now) => holding!(Node, Now, now),
            Node::Random => quote!(Node::Random),
            Node::Choice(alternatives) => holding!(Node, Choice, alternatives),
        }
    }
}

impl Emit for Root {
    fn emit(&self) -> TokenStream {
        match self {
            Root::ConnectionConfig => quote!(Root::ConnectionConfig),
            Root::Credentials => quote!(Root::Credentials),
            Root::AssertionOption => quote!(Root::AssertionOption),
            Root::Metadata => quote!(Root::Metadata),
            Root::AccessToken => quote!(Root::AccessToken),
            Root::ClientId => quote!(Root::ClientId),
            Root::ClientSecret => quote!(Root::ClientSecret),
            Root::RefreshToken => quote!(Root::RefreshToken),
            Root::Token => quote!(Root::Token),
            Root::Assertion => quote!(Root::Assertion),
            Root::Step(number) => holding!(Root, Step, number),
            Root::AppPublicLink => quote!(Root::AppPublicLink),
            Root::ConnectionId => quote!(Root::ConnectionId),
            Root::Method => quote!(Root::Method),
            Root::Host => quote!(Root::Host),
            Root::Path => quote!(Root::Path),
            Root::Endpoint => quote!(Root::Endpoint),
            Root::Params => quote!(Root::Params),
            Root::UrlCanonicalParams => quote!(Root::UrlCanonicalParams),
            Root::BodyCanonicalParams => quote!(Root::BodyCanonicalParams),
            Root::ContentType => quote!(Root::ContentType),
            Root::Code => quote!(Root::Code),
            Root::Callback => quote!(Root::Callback),
            Root::RedirectUri => quote!(Root::RedirectUri),
            Root::Scopes => quote!(Root::Scopes),
        }
    }
}

impl Emit for DatePart {
    fn emit(&self) -> TokenStream {
        match self {
            DatePart::Text(text) => holding!(DatePart, Text, text),
            DatePart::Year => quote!(DatePart::Year),
            DatePart::Month => quote!(DatePart::Month),
            DatePart::Day => quote!(DatePart::Day),
            DatePart::Hour => quote!(DatePart::Hour),
            DatePart::Minute => quote!(DatePart::Minute),
            DatePart::Second => quote!(DatePart::Second),
            DatePart::Millisecond => quote!(DatePart::Millisecond),
            DatePart::WeekdayName => quote!(DatePart::WeekdayName),
            DatePart::MonthName => quote!(DatePart::MonthName),
            DatePart::OffsetColon => quote!(DatePart::OffsetColon),
            DatePart::OffsetPlain => quote!(DatePart::OffsetPlain),
            DatePart::UnixSeconds => quote!(DatePart::UnixSeconds),
            DatePart::UnixMilliseconds => quote!(DatePart::UnixMilliseconds),
        }
    }
}
