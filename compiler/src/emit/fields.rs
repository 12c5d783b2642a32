//! What a connection is made from: a struct of the required fields, a typed key for each optional one.
//!
//! Where the required fields are those of a shape that the runtime has, the module names that. Absent here: which Rust
//! name a field has, and the enums of fields with a list of values.

use super::docs;
use super::tokens::{Used, ident};
use crate::spec::names::{self, Named};
use keyway_spec::Field;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

/// One of the two structs of a module.
pub(super) struct Kind {
    name: &'static str,
    doc: &'static str,
    key: &'static str,
    value: &'static str,
    /// The runtime's shapes: their names, and the fields that they have.
    shapes: &'static [(&'static str, &'static [&'static str])],
}

/// What every connection must say about the customer's account.
pub(super) const CONFIG: Kind = Kind {
    name: "Config",
    doc: " What every connection must say.",
    key: "ConfigKey",
    value: "String",
    shapes: &[("NoConfig", &[])],
};

/// What a user must submit.
pub(super) const CREDENTIALS: Kind = Kind {
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

/// The runtime's shape that is the struct, and what the module calls it: `NoConfig as Config`.
pub(super) fn shape(kind: &Kind, all: &[Field], names: &[Named]) -> Option<TokenStream> {
    let required: Vec<(&Field, &Named)> = required(all, names).collect();
    let is = |fields: &[&str]| {
        required.iter().map(|(field, _)| field.name).eq(fields.iter().copied())
            && required.iter().all(|(_, named)| named.choice.is_none())
    };
    let (shape, _) = kind.shapes.iter().find(|(_, fields)| is(fields))?;
    let (shape, name) = (ident(shape), ident(kind.name));
    Some(quote!(#shape as #name))
}

/// The struct of the fields that a user must give, and what it gives away; nothing where the runtime has its shape.
pub(super) fn structure(kind: &Kind, all: &[Field], names: &[Named], used: &mut Used) -> Vec<TokenStream> {
    if shape(kind, all, names).is_some() {
        return Vec::new();
    }
    let required: Vec<(&Field, &Named)> = required(all, names).collect();
    let name = ident(kind.name);
    let value = value(kind, used);
    let fields = required.iter().map(|(field, named)| {
        let (doc, name) = (format!(" {}", docs::field(field)), ident(&named.name));
        let value = named.choice.as_ref().map_or(value.clone(), |choice| ident(&choice.name));
        quote!(#[doc = #doc] pub #name: #value,)
    });
    let pairs = required.iter().map(|(field, named)| {
        let (text, name) = (field.name, ident(&named.name));
        match &named.choice {
            Some(_) => quote!((#text, self.#name.as_str().into())),
            None => quote!((#text, self.#name)),
        }
    });
    let (doc, trait_name, list) = (kind.doc, used.name("Fields"), used.name("Pairs"));
    vec![
        quote! {
            #[doc = #doc]
            pub struct #name {
                #(#fields)*
            }
        },
        quote! {
            impl #trait_name<#value> for #name {
                fn pairs(self) -> #list<#value> {
                    #list::of([#(#pairs),*])
                }
            }
        },
    ]
}

/// A typed key for each field that a user may give.
pub(super) fn keys(
    kind: &Kind,
    all: &[Field],
    module: &names::Module,
    names: &[Named],
    used: &mut Used,
) -> TokenStream {
    let marker = ident(&module.marker);
    let keys = with(all, names).filter(|(_, named)| !named.is_required).map(|(field, named)| {
        let (key, name, text) = (used.name(kind.key), ident(&named.name), field.name);
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

fn value(kind: &Kind, used: &mut Used) -> Ident {
    if kind.value == "String" { ident(kind.value) } else { used.name(kind.value) }
}

/// A value for each required field of a struct, as an example gives it.
pub(super) fn example(module: &str, all: &[Field], names: &[Named]) -> Vec<String> {
    let line = |(field, named): (&Field, &Named)| {
        let name = &named.name;
        match named.choice.as_ref().map(|choice| (&choice.name, choice.variants.first())) {
            Some((choice, Some(variant))) => format!("{name}: {module}::{choice}::{variant}"),
            _ => {
                let text = if field.secret { "..." } else { field.example.unwrap_or("...") };
                format!("{name}: {}.into()", proc_macro2::Literal::string(text).to_token_stream())
            }
        }
    };
    required(all, names).map(line).collect()
}
