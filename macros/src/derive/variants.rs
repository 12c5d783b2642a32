//! The variants of an enum as data.

use super::settings::{DeriveSettings, USAGE, support};
use super::shape::{Derived, DerivedKind, TaggedVariant};
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::{Fields, Ident, ItemEnum, Token, Type, Variant};

type Variants = Punctuated<Variant, Token![,]>;

/// Reads an enum.
pub(super) fn read(item: &ItemEnum) -> syn::Result<Derived> {
    let support = support(&item.attrs, &item.generics)?;
    let kind = match DeriveSettings::read(&item.attrs, &["tag", "untagged"])? {
        DeriveSettings { tag: Some(tag), is_untagged: false, .. } => tagged(tag, &item.variants)?,
        DeriveSettings { tag: None, is_untagged: true, .. } => untagged(&item.variants)?,
        DeriveSettings { tag: None, .. } => texts(&item.variants)?,
        DeriveSettings { .. } => return Err(syn::Error::new_spanned(&item.ident, USAGE)),
    };
    let has_variants = !matches!(&kind, DerivedKind::Tagged { known, .. } if known.is_empty())
        && !matches!(&kind, DerivedKind::Untagged(known) if known.is_empty());
    if has_variants {
        Ok(Derived { name: item.ident.clone(), support, kind })
    } else {
        Err(syn::Error::new_spanned(&item.ident, USAGE))
    }
}

fn texts(variants: &Variants) -> syn::Result<DerivedKind> {
    let (mut known, mut other) = (Vec::new(), None);
    for variant in variants {
        let ident = &variant.ident;
        match (DeriveSettings::read(&variant.attrs, &["rename", "untagged"])?, &variant.fields) {
            (DeriveSettings { is_untagged: false, rename, .. }, Fields::Unit) => {
                known.push((ident.clone(), rename.unwrap_or_else(|| ident.unraw().to_string())));
            }
            (DeriveSettings { is_untagged: true, rename: None, .. }, fields)
                if other.is_none() && held(fields).is_some_and(is_string) =>
            {
                other = Some(ident.clone());
            }
            _ => return Err(syn::Error::new_spanned(variant, USAGE)),
        }
    }
    Ok(DerivedKind::Texts { known, other })
}

fn tagged(tag: String, variants: &Variants) -> syn::Result<DerivedKind> {
    let (mut known, mut other) = (Vec::new(), None);
    for variant in variants {
        let name = &variant.ident;
        match (DeriveSettings::read(&variant.attrs, &["rename", "alias", "untagged"])?, held(&variant.fields)) {
            (DeriveSettings { is_untagged: false, rename, aliases, .. }, Some(_)) => {
                let mut texts = vec![rename.unwrap_or_else(|| name.unraw().to_string())];
                texts.extend(aliases);
                known.push(TaggedVariant { name: name.clone(), texts });
            }
            (DeriveSettings { is_untagged: true, rename: None, .. }, Some(_)) if other.is_none() => {
                other = Some(name.clone());
            }
            _ => return Err(syn::Error::new_spanned(variant, USAGE)),
        }
    }
    Ok(DerivedKind::Tagged { tag, known, other })
}

fn untagged(variants: &Variants) -> syn::Result<DerivedKind> {
    let names = variants.iter().map(|variant| {
        DeriveSettings::read(&variant.attrs, &[])?;
        match held(&variant.fields) {
            Some(_) => Ok(variant.ident.clone()),
            None => Err(syn::Error::new_spanned(variant, USAGE)),
        }
    });
    Ok(DerivedKind::Untagged(names.collect::<syn::Result<Vec<Ident>>>()?))
}

/// The type of the one value that a variant holds.
fn held(fields: &Fields) -> Option<&Type> {
    match fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first().map(|field| &field.ty),
        _ => None,
    }
}

fn is_string(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "String"))
}
