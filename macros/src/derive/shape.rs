//! The item as data: the members of a struct or the variants of an enum.

use super::settings::{DeriveSettings, USAGE, support};
use super::variants;
use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::{Fields, Ident, Item, ItemStruct};

/// A type to which serde's traits are given.
pub(super) struct Derived {
    pub(super) name: Ident,
    /// The items that the implementation names.
    pub(super) support: TokenStream,
    pub(super) kind: DerivedKind,
}

/// Its members.
pub(super) enum DerivedKind {
    Struct(Vec<DerivedMember>),
    Texts {
        /// Variants with their texts.
        known: Vec<(Ident, String)>,
        /// The variant of all other texts.
        other: Option<Ident>,
    },
    /// Variants that a member of an object tells apart.
    Tagged {
        /// The name of the member.
        tag: String,
        known: Vec<TaggedVariant>,
        /// The variant of everything else.
        other: Option<Ident>,
    },
    /// Variants of which the first that fits is taken.
    Untagged(Vec<Ident>),
}

/// A variant and the texts that tell it: it is written with the first.
pub(super) struct TaggedVariant {
    pub(super) name: Ident,
    pub(super) texts: Vec<String>,
}

/// A field.
pub(super) struct DerivedMember {
    pub(super) field: Ident,
    /// Its name on the wire.
    pub(super) name: String,
    /// True if it is left out where it is `None`.
    pub(super) skips_none: bool,
}

/// Reads an item.
pub(super) fn read(item: &Item) -> syn::Result<Derived> {
    match item {
        Item::Struct(item) => structure(item),
        Item::Enum(item) => variants::read(item),
        other => Err(syn::Error::new_spanned(other, USAGE)),
    }
}

fn structure(item: &ItemStruct) -> syn::Result<Derived> {
    let support = support(&item.attrs, &item.generics)?;
    DeriveSettings::read(&item.attrs, &[])?;
    let Fields::Named(fields) = &item.fields else { return Err(syn::Error::new_spanned(&item.ident, USAGE)) };
    let members = fields.named.iter().map(|field| {
        let settings = DeriveSettings::read(&field.attrs, &["rename", "skip_serializing_if"])?;
        let Some(ident) = &field.ident else { return Err(syn::Error::new_spanned(field, USAGE)) };
        let name = settings.rename.unwrap_or_else(|| ident.unraw().to_string());
        Ok(DerivedMember { field: ident.clone(), name, skips_none: settings.skips_none })
    });
    let kind = DerivedKind::Struct(members.collect::<syn::Result<_>>()?);
    Ok(Derived { name: item.ident.clone(), support, kind })
}
