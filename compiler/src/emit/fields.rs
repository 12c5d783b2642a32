//! The types that a connection is made from: a struct of the required fields, a typed key for each optional one.
//!
//! Where the required fields are those of a shape that the runtime has, the module names that. `lower::names` decides
//! the Rust names of fields; the enums are in `choices`.

use super::docs;
use super::tokens::ident;
use crate::lower::names::{self, Named};
use keyway_spec::Field;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

/// One of the two structs of a module.
pub(super) struct FieldStruct {
    name: &'static str,
    doc: &'static str,
    key: &'static str,
    value: &'static str,
    /// The runtime's shapes: their names, and the fields that they have.
    shapes: &'static [(&'static str, &'static [&'static str])],
}

/// The required configuration of a connection.
pub(super) const CONFIG: FieldStruct = FieldStruct {
    name: "Config",
    doc: " What every connection must say.",
    key: "ConfigKey",
    value: "String",
    shapes: &[("NoConfig", &[])],
};

/// The credentials that a user must submit.
pub(super) const CREDENTIALS: FieldStruct = FieldStruct {
    name: "Credentials",
    doc: " What a user must submit to connect.",
    key: "CredentialKey",
    value: "Secret",
    shapes: &[
        ("NoCredentials", &[]),
        ("ApiKeyCredentials", &["apiKey"]),
        ("PasswordCredentials", &["username", "password"]),
        ("ClientSecretCredentials", &["client_id", "client_secret"]),
    ],
};

/// The runtime's shape that is the struct, under the name it has in a module; nothing where the module has its own.
pub(super) fn shape(kind: &FieldStruct, all: &[Field], names: &[Named]) -> TokenStream {
    let required: Vec<(&Field, &Named)> = required(all, names).collect();
    // In any order: relabelling a credential must not change its type.
    let is = |fields: &[&str]| {
        required.len() == fields.len()
            && required.iter().all(|(field, named)| fields.contains(&field.name) && named.choice.is_none())
    };
    let shape = kind.shapes.iter().find(|(_, fields)| is(fields)).map(|(shape, _)| ident(shape));
    let name = ident(kind.name);
    shape.map(|shape| quote!(pub use super::__keyway::#shape as #name;)).unwrap_or_default()
}

/// The struct of the fields that a user must give, and what it gives away; nothing where the runtime has its shape.
pub(super) fn structure(kind: &FieldStruct, all: &[Field], names: &[Named]) -> Vec<TokenStream> {
    if !shape(kind, all, names).is_empty() {
        return Vec::new();
    }
    let required: Vec<(&Field, &Named)> = required(all, names).collect();
    let name = ident(kind.name);
    let value = ident(kind.value);
    let fields = required.iter().map(|(field, named)| {
        let (doc, name) = (format!(" {}", docs::field(field)), ident(&named.name));
        let value = named.choice.as_ref().map_or(value.clone(), |choice| ident(&choice.name));
        quote!(#[doc = #doc] pub #name: #value,)
    });
    let pairs = required.iter().map(|(field, named)| {
        let (text, name) = (field.name, ident(&named.name));
        if named.choice.is_some() { quote!((#text, self.#name.as_str().into())) } else { quote!((#text, self.#name)) }
    });
    let doc = kind.doc;
    vec![
        quote! {
            #[doc = #doc]
            pub struct #name {
                #(#fields)*
            }
        },
        quote! {
            impl Fields<#value> for #name {
                #[inline]
                fn pairs(self) -> Pairs<#value> {
                    Pairs::of([#(#pairs),*])
                }
            }
        },
    ]
}

/// A typed key for each field that a user may give.
pub(super) fn keys(kind: &FieldStruct, all: &[Field], module: &names::Module, names: &[Named]) -> TokenStream {
    let marker = ident(&module.marker);
    let keys = with(all, names).filter(|(_, named)| !named.is_required).map(|(field, named)| {
        let (key, name, text) = (ident(kind.key), ident(&named.name), field.name);
        let doc = format!(" {}", docs::field(field));
        let choice = named.choice.as_ref().map(|choice| ident(&choice.name)).map(|choice| quote!(, #choice));
        quote!(#[doc = #doc] pub const #name: #key<#marker #choice> = #key::new(#text);)
    });
    keys.collect()
}

fn required<'f>(all: &'f [Field], names: &'f [Named]) -> impl Iterator<Item = (&'f Field, &'f Named)> {
    with(all, names).filter(|(_, named)| named.is_required)
}

/// The fields that have a Rust name, with it.
fn with<'f>(all: &'f [Field], names: &'f [Named]) -> impl Iterator<Item = (&'f Field, &'f Named)> {
    names.iter().filter_map(|named| Some((all.get(named.field)?, named)))
}

/// A value for each required field of a struct, as an example gives it.
pub(super) fn example(module: &str, all: &[Field], names: &[Named]) -> Vec<String> {
    let line = |(field, named): (&Field, &Named)| {
        let name = &named.name;
        if let Some((choice, Some(variant))) =
            named.choice.as_ref().map(|choice| (&choice.name, choice.variants.first()))
        {
            format!("{name}: {module}::{choice}::{variant}")
        } else {
            let text = if field.secret { "..." } else { field.example.unwrap_or("...") };
            format!("{name}: {}.into()", proc_macro2::Literal::string(text).to_token_stream())
        }
    };
    required(all, names).map(line).collect()
}
