//! One provider to one module: marker type, typed configuration and credentials, the spec as a `static`.
//!
//! Everything with behaviour is the runtime's; a module is data and thin types, without derives.

use super::endpoints::{self, Feature};
use super::tokens::{Emit, ident};
use super::{choices, docs, example, fields, print, scopes};
use crate::lower::names;
use keyway_spec::ProviderSpec;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// The items of a provider's module, formatted, with its documentation as `//!` lines.
pub(super) fn module(spec: &ProviderSpec, feature: Feature) -> String {
    let names = names::Module::new(spec);
    let mut text = String::new();
    for line in docs::header(spec, example::lines(spec, &names)) {
        text.push_str("//!");
        if !line.is_empty() {
            text.push(' ');
            text.push_str(&line);
        }
        text.push('\n');
    }
    for item in items(spec, &names, feature) {
        if !item.is_empty() {
            text.push('\n');
            text.push_str(&item);
        }
    }
    text
}

/// The items, in groups that a blank line separates.
fn items(spec: &ProviderSpec, names: &names::Module, feature: Feature) -> Vec<String> {
    let import = quote! { use super::__keyway::prelude::*; };
    let mut items =
        vec![print(&import), print(&marker(names)), print(&provider(spec, names)), print(&shapes(spec, names))];
    items.extend(fields::structure(&fields::CONFIG, spec.connection_config, &names.config).iter().map(print));
    items.extend(fields::structure(&fields::CREDENTIALS, spec.credentials, &names.credentials).iter().map(print));
    items.push(print(&fields::keys(&fields::CONFIG, spec.connection_config, names, &names.config)));
    items.push(print(&fields::keys(&fields::CREDENTIALS, spec.credentials, names, &names.credentials)));
    items.extend(choices::enums(spec.connection_config, &names.config));
    items.extend(choices::enums(spec.credentials, &names.credentials));
    items.push(print(&scopes::constants(spec, &names.scopes)));
    items.extend(endpoints::module(spec, names, feature));
    items.push(print(&value(spec, feature)));
    items
}

fn marker(names: &names::Module) -> TokenStream {
    let (marker, doc) = (ident(&names.marker), format!(" The type that stands for `{}`.", names.key));
    quote!(#[doc = #doc] pub enum #marker {})
}

fn provider(spec: &ProviderSpec, names: &names::Module) -> TokenStream {
    let (marker, mode) = (ident(&names.marker), ident(spec.auth.type_name()));
    quote! {
        impl Provider for #marker {
            const SPEC: &'static ProviderSpec = &SPEC;
            type Auth = mode::#mode;
            type Config = Config;
            type Credentials = Credentials;
        }
    }
}

/// The structs that are the runtime's own.
fn shapes(spec: &ProviderSpec, names: &names::Module) -> TokenStream {
    let config = fields::shape(&fields::CONFIG, spec.connection_config, &names.config);
    let credentials = fields::shape(&fields::CREDENTIALS, spec.credentials, &names.credentials);
    quote!(#config #credentials)
}

/// The spec. Its types are imported in its own block: what a module imports is part of its crate's metadata, by name.
fn value(spec: &ProviderSpec, feature: Feature) -> TokenStream {
    let value = with_operations(spec, feature);
    quote! {
        /// Everything the entry says.
        pub static SPEC: ProviderSpec = {
            use super::__keyway::spec_prelude::*;
            #value
        };
    }
}

/// The value, with the operations where they stand: in a module of their own.
fn with_operations(spec: &ProviderSpec, feature: Feature) -> TokenStream {
    let value = ProviderSpec { operations: &[], ..*spec }.emit();
    if spec.operations.is_empty() {
        return value;
    }
    let gate = endpoints::gate(feature);
    match syn::parse2::<syn::ExprStruct>(value.clone()) {
        Ok(mut value) => {
            let behind = value.fields.len().saturating_sub(1); // The last one keeps its comma.
            value.fields.insert(behind, syn::parse_quote!(#gate operations: &endpoints::OPERATIONS));
            value.into_token_stream()
        }
        Err(_) => value, // What is emitted is a struct.
    }
}
