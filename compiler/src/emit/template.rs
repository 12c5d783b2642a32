//! Templates as expressions: one line per type.
//!
//! No decision is made here; what is printed is what the value says.

use super::tokens::{Emit, Used, bare, emit_struct, emit_words, holding};
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
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            Template::Text("") => bare!(used, Template, EMPTY),
            Template::Text(text) => holding!(used, Template, Text, text),
            Template::Nodes(nodes) => holding!(used, Template, Nodes, nodes),
        }
    }
}

impl Emit for Node {
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            Node::Text(text) => holding!(used, Node, Text, text),
            Node::Reference(reference) => holding!(used, Node, Reference, reference),
            Node::Call(function, arguments) => {
                let (node, function, arguments) = (used.name("Node"), function.emit(used), arguments.emit(used));
                quote!(#node::Call(#function, #arguments))
            }
            Node::Now(now) => holding!(used, Node, Now, now),
            Node::Random => bare!(used, Node, Random),
            Node::Choice(alternatives) => holding!(used, Node, Choice, alternatives),
        }
    }
}

impl Emit for Root {
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            Root::ConnectionConfig => bare!(used, Root, ConnectionConfig),
            Root::Credentials => bare!(used, Root, Credentials),
            Root::AssertionOption => bare!(used, Root, AssertionOption),
            Root::Metadata => bare!(used, Root, Metadata),
            Root::AccessToken => bare!(used, Root, AccessToken),
            Root::ClientId => bare!(used, Root, ClientId),
            Root::ClientSecret => bare!(used, Root, ClientSecret),
            Root::RefreshToken => bare!(used, Root, RefreshToken),
            Root::Token => bare!(used, Root, Token),
            Root::Assertion => bare!(used, Root, Assertion),
            Root::Step(number) => holding!(used, Root, Step, number),
            Root::AppPublicLink => bare!(used, Root, AppPublicLink),
            Root::ConnectionId => bare!(used, Root, ConnectionId),
            Root::Method => bare!(used, Root, Method),
            Root::Host => bare!(used, Root, Host),
            Root::Path => bare!(used, Root, Path),
            Root::Endpoint => bare!(used, Root, Endpoint),
            Root::Params => bare!(used, Root, Params),
            Root::UrlCanonicalParams => bare!(used, Root, UrlCanonicalParams),
            Root::BodyCanonicalParams => bare!(used, Root, BodyCanonicalParams),
            Root::ContentType => bare!(used, Root, ContentType),
            Root::Code => bare!(used, Root, Code),
            Root::Callback => bare!(used, Root, Callback),
            Root::RedirectUri => bare!(used, Root, RedirectUri),
            Root::Scopes => bare!(used, Root, Scopes),
        }
    }
}

impl Emit for DatePart {
    fn emit(&self, used: &mut Used) -> TokenStream {
        match self {
            DatePart::Text(text) => holding!(used, DatePart, Text, text),
            DatePart::Year => bare!(used, DatePart, Year),
            DatePart::Month => bare!(used, DatePart, Month),
            DatePart::Day => bare!(used, DatePart, Day),
            DatePart::Hour => bare!(used, DatePart, Hour),
            DatePart::Minute => bare!(used, DatePart, Minute),
            DatePart::Second => bare!(used, DatePart, Second),
            DatePart::Millisecond => bare!(used, DatePart, Millisecond),
            DatePart::WeekdayName => bare!(used, DatePart, WeekdayName),
            DatePart::MonthName => bare!(used, DatePart, MonthName),
            DatePart::OffsetColon => bare!(used, DatePart, OffsetColon),
            DatePart::OffsetPlain => bare!(used, DatePart, OffsetPlain),
            DatePart::UnixSeconds => bare!(used, DatePart, UnixSeconds),
            DatePart::UnixMilliseconds => bare!(used, DatePart, UnixMilliseconds),
        }
    }
}
