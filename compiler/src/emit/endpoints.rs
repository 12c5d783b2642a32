//! The operations of a provider: a struct for each, which a client calls, and their data.
//!
//! They stand in a module of their own, so that a feature of the crate can leave all of it out.

use super::tokens::{Emit, ident};
use super::{docs, print};
use crate::lower::names;
use keyway_spec::operation::{OperationParameter, ValueKind};
use keyway_spec::{Operation, ProviderSpec};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use std::fmt::Write;

/// The feature of a crate with which its operations are there; `None` where they always are.
pub(super) type Feature = Option<&'static str>;

/// The attribute of what only a feature brings.
pub(super) fn gate(feature: Feature) -> TokenStream {
    feature.map(|feature| quote!(#[cfg(feature = #feature)])).unwrap_or_default()
}

/// The module `endpoints`; `None` where the entry has none.
pub(super) fn module(spec: &ProviderSpec, names: &names::Module, feature: Feature) -> Option<String> {
    if spec.operations.is_empty() {
        return None;
    }
    let mut items = vec![print(&quote!(
        use super::super::__keyway::endpoint_prelude::*;
    ))];
    for (index, (operation, endpoint)) in spec.operations.iter().zip(&names.endpoints).enumerate() {
        let all: Vec<Member<'_>> = operation.parameters.iter().zip(&endpoint.members).map(Member::new).collect();
        items.push(print(&structure(operation, endpoint, &all)));
        items.push(print(&constructor(endpoint, &all)));
        items.push(print(&values(index, operation, endpoint, &ident(&names.marker), &all)));
    }
    items.push(print(&data(spec.operations)));
    let mut text = format!("/// Operations of {} for `client.endpoint(&..)`.\n", docs::plain(spec.display_name));
    if let Some(feature) = feature {
        let _ = writeln!(text, "#[cfg(feature = \"{feature}\")]");
    }
    text.push_str("pub mod endpoints {\n");
    for line in items.join("\n").lines() {
        // No literal spans lines: line breaks in texts are escapes.
        let _ = if line.is_empty() { writeln!(text) } else { writeln!(text, "    {line}") };
    }
    text.push_str("}\n");
    Some(text)
}

/// A parameter as a member of a struct.
struct Member<'p> {
    parameter: &'p OperationParameter,
    name: Ident,
    value: TokenStream,
}

impl<'p> Member<'p> {
    fn new((parameter, name): (&'p OperationParameter, &String)) -> Member<'p> {
        Member { parameter, name: ident(name), value: value(parameter) }
    }
}

fn structure(operation: &Operation, names: &names::EndpointNames, all: &[Member<'_>]) -> TokenStream {
    let (name, generics) = (ident(&names.name), generics(all, &quote!(<'a>)));
    let docs =
        docs::operation(operation).into_iter().map(|line| if line.is_empty() { line } else { format!(" {line}") });
    let members = all.iter().map(|Member { parameter, name, value }| {
        let doc = format!(" {}", docs::parameter(parameter));
        quote!(#[doc = #doc] pub #name: #value,)
    });
    quote! {
        #(#[doc = #docs])*
        pub struct #name #generics {
            #(#members)*
        }
    }
}

fn constructor(names: &names::EndpointNames, all: &[Member<'_>]) -> TokenStream {
    let (name, generics) = (ident(&names.name), generics(all, &quote!(<'a>)));
    let required =
        all.iter().filter(|member| member.parameter.required).map(|Member { name, value, .. }| quote!(#name: #value));
    let whole = all
        .iter()
        .map(|Member { parameter, name, .. }| if parameter.required { quote!(#name) } else { quote!(#name: None) });
    quote! {
        impl #generics #name #generics {
            /// With what no call can leave out; the rest of the members say more.
            pub const fn new(#(#required),*) -> #name #generics {
                #name { #(#whole),* }
            }
        }
    }
}

/// The things that the struct tells a client.
fn values(
    index: usize,
    operation: &Operation,
    names: &names::EndpointNames,
    marker: &Ident,
    all: &[Member<'_>],
) -> TokenStream {
    let (name, generics) = (ident(&names.name), generics(all, &quote!(<'_>)));
    let index = Literal::usize_unsuffixed(index);
    let values = all.iter().map(|Member { name, .. }| quote!(self.#name.into()));
    let pages = operation.paginate.map(|_| quote!(impl Paged for #name #generics {}));
    quote! {
        impl Endpoint for #name #generics {
            type Provider = super::#marker;
            const OPERATION: &'static Operation = &OPERATIONS[#index];

            fn values(&self) -> Vec<EndpointValue<'_>> {
                Vec::from([#(#values),*])
            }
        }

        #pages
    }
}

fn data(operations: &[Operation]) -> TokenStream {
    let (count, values) = (operations.len(), operations.iter().map(Emit::emit));
    quote! {
        /// Every operation, sorted by name.
        pub static OPERATIONS: [Operation; #count] = {
            use super::super::__keyway::spec_prelude::*;
            [#(#values),*]
        };
    }
}

/// The lifetime of a struct, if any member borrows.
fn generics(all: &[Member<'_>], lifetime: &TokenStream) -> TokenStream {
    let is_borrowed = |kind: ValueKind| !matches!(kind, ValueKind::Integer | ValueKind::Number | ValueKind::Boolean);
    if all.iter().any(|member| is_borrowed(member.parameter.kind)) { lifetime.clone() } else { TokenStream::new() }
}

/// The type of a member.
fn value(parameter: &OperationParameter) -> TokenStream {
    let value = match parameter.kind {
        ValueKind::String => quote!(&'a str),
        ValueKind::Integer => quote!(i64),
        ValueKind::Number => quote!(f64),
        ValueKind::Boolean => quote!(bool),
        ValueKind::Strings => quote!(&'a [&'a str]),
        ValueKind::Integers => quote!(&'a [i64]),
        ValueKind::Any => quote!(&'a Json),
    };
    if parameter.required { value } else { quote!(Option<#value>) }
}
