//! The item that is derived for, as data: a struct is read here, an enum in `variants`.
//!
//! Types of fields are not looked at.

use super::settings::{DeriveSettings, USAGE, support};
use super::shape::{Derived, DerivedKind, DerivedMember};
use super::variants;
use syn::ext::IdentExt;
use syn::{Fields, Item, ItemStruct};

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
