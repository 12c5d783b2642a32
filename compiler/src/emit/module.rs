//! One provider to one module: marker type, typed configuration and credentials, the spec as a `static`.
//!
//! Everything with behaviour is the runtime's; a module is data and thin types, without derives.

use super::tokens::{Emit, Used, ident};
use super::{docs, print};
use crate::spec::names;
use keyway_spec::{Field, ProviderSpec};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The items of a provider's module, formatted, with its documentation as `//!` lines.
pub(super) fn module(spec: &ProviderSpec) -> String {
    let mut text = String::new();
    for line in docs::header(spec) {
        text.push_str("//!");
        if !line.is_empty() {
            text.push(' ');
            text.push_str(&line);
        }
        text.push('\n');
    }
    for item in items(spec) {
        let item = print(item);
        if !item.is_empty() {
            text.push('\n');
            text.push_str(&item);
        }
    }
    text
}

/// The items, in groups that a blank line separates.
fn items(spec: &ProviderSpec) -> Vec<TokenStream> {
    let mut used = Used::default();
    let marker = ident(&names::marker(spec.key));
    let provider = provider(spec, &marker, &mut used);
    let config = fields("Config", "NoConfig", spec.connection_config, &mut used);
    let credentials = fields("Credentials", "NoCredentials", spec.credentials, &mut used);
    let mut scope = names::Scope::new(&["SPEC"]);
    let mut keys = optional("ConfigKey", spec.connection_config, &marker, &mut scope, &mut used);
    keys.extend(optional("CredentialKey", spec.credentials, &marker, &mut scope, &mut used));
    let (kind, value) = (used.name("ProviderSpec"), spec.emit(&mut used));
    let imports = used.names();
    let mut items = vec![quote!(use super::__keyway::{#(#imports),*};)];
    items.extend(provider);
    items.extend(config);
    items.extend(credentials);
    items.extend(keys);
    items.push(quote! {
        /// Everything the entry says.
        pub static SPEC: #kind = #value;
    });
    items
}

fn provider(spec: &ProviderSpec, marker: &Ident, used: &mut Used) -> [TokenStream; 2] {
    let (provider, kind) = (used.name("Provider"), used.name("ProviderSpec"));
    let doc = format!(" The type that stands for `{}`.", spec.key);
    [
        quote!(#[doc = #doc] pub struct #marker;),
        quote! {
            impl #provider for #marker {
                const SPEC: &'static #kind = &SPEC;
                type Config = Config;
                type Credentials = Credentials;
            }
        },
    ]
}

/// The struct of the fields that a user must give.
fn fields(name: &'static str, none: &'static str, all: &[Field], used: &mut Used) -> Vec<TokenStream> {
    let required: Vec<&Field> = all.iter().filter(|field| is_asked(field) && is_required(field)).collect();
    let name_ident = ident(name);
    if required.is_empty() {
        let none = ident(none);
        return vec![quote!(pub use super::__keyway::#none as #name_ident;)];
    }
    let is_config = name == "Config";
    let value = if is_config { ident("String") } else { used.name("Secret") };
    let mut scope = names::Scope::new(&[]);
    let idents: Vec<Ident> = required.iter().map(|field| ident(&scope.field(field.name))).collect();
    let docs = required.iter().map(|field| format!(" {}", docs::field(field)));
    let texts = required.iter().map(|field| field.name);
    let trait_name = used.name("Fields");
    let doc = if is_config { " What every connection must say." } else { " What a user must submit to connect." };
    vec![
        quote! {
            #[doc = #doc]
            pub struct #name_ident {
                #( #[doc = #docs] pub #idents: #value, )*
            }
        },
        quote! {
            impl #trait_name for #name_ident {
                type Value = #value;
                #[inline]
                fn each(self, visit: &mut dyn FnMut(&'static str, #value)) {
                    #( visit(#texts, self.#idents); )*
                }
            }
        },
    ]
}

/// A typed key for each field that a user may give.
fn optional(
    kind: &'static str,
    all: &[Field],
    marker: &Ident,
    scope: &mut names::Scope,
    used: &mut Used,
) -> Vec<TokenStream> {
    let mut keys = Vec::new();
    for field in all.iter().filter(|field| is_asked(field) && !is_required(field)) {
        let (kind, name, text) = (used.name(kind), ident(&scope.constant(field.name)), field.name);
        let doc = format!(" {}", docs::field(field));
        keys.push(quote!(#[doc = #doc] pub const #name: #kind<#marker> = #kind::new(#text);));
    }
    keys
}

/// Whether anybody but the provider may give the field.
fn is_asked(field: &Field) -> bool {
    !field.automated
}

fn is_required(field: &Field) -> bool {
    !field.optional && !field.hidden && field.default_value.is_none()
}
