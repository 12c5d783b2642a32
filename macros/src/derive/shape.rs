//! The item as data: the members of a struct or the texts of an enum.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Fields, Generics, Ident, Item, ItemEnum, ItemStruct, LitStr, Path, Type};

const USAGE: &str = "this is for structs with named fields and for enums of texts, with `rename = \"..\"`, \
                     `skip_serializing_if = \"Option::is_none\"` and one `untagged` variant of a `String`: for anything \
                     else write `serde::Deserialize`, `serde::Serialize`";

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
        Item::Enum(item) => texts(item),
        other => Err(syn::Error::new_spanned(other, USAGE)),
    }
}

fn structure(item: &ItemStruct) -> syn::Result<Derived> {
    let support = support(&item.attrs, &item.generics)?;
    let Fields::Named(fields) = &item.fields else { return Err(syn::Error::new_spanned(&item.ident, USAGE)) };
    let members = fields.named.iter().map(|field| {
        let settings = DeriveSettings::read(&field.attrs)?;
        let Some(ident) = &field.ident else { return Err(syn::Error::new_spanned(field, USAGE)) };
        match settings {
            DeriveSettings { is_untagged: false, rename, skips_none } => {
                let name = rename.unwrap_or_else(|| ident.unraw().to_string());
                Ok(DerivedMember { field: ident.clone(), name, skips_none })
            }
            _ => Err(syn::Error::new_spanned(field, USAGE)),
        }
    });
    let kind = DerivedKind::Struct(members.collect::<syn::Result<_>>()?);
    Ok(Derived { name: item.ident.clone(), support, kind })
}

fn texts(item: &ItemEnum) -> syn::Result<Derived> {
    let support = support(&item.attrs, &item.generics)?;
    let (mut known, mut other) = (Vec::new(), None);
    for variant in &item.variants {
        let ident = &variant.ident;
        match (DeriveSettings::read(&variant.attrs)?, &variant.fields) {
            (DeriveSettings { is_untagged: false, rename, skips_none: false }, Fields::Unit) => {
                known.push((ident.clone(), rename.unwrap_or_else(|| ident.unraw().to_string())));
            }
            (DeriveSettings { is_untagged: true, rename: None, skips_none: false }, Fields::Unnamed(fields))
                if other.is_none()
                    && fields.unnamed.len() == 1
                    && fields.unnamed.iter().all(|one| is_string(&one.ty)) =>
            {
                other = Some(ident.clone());
            }
            _ => return Err(syn::Error::new_spanned(variant, USAGE)),
        }
    }
    Ok(Derived { name: item.ident.clone(), support, kind: DerivedKind::Texts { known, other } })
}

/// The items that the implementation names, from `#[keyway(crate = kw)]` where `keyway` has another name.
fn support(attributes: &[Attribute], generics: &Generics) -> syn::Result<TokenStream> {
    if !generics.params.is_empty() {
        return Err(syn::Error::new_spanned(generics, USAGE));
    }
    let mut runtime = quote!(::keyway);
    for attribute in attributes {
        if attribute.path().is_ident("serde") {
            return Err(syn::Error::new_spanned(attribute, USAGE));
        }
        if attribute.path().is_ident("keyway") {
            attribute.parse_nested_meta(|meta| {
                if !meta.path.is_ident("crate") {
                    return Err(meta.error("write `#[keyway(crate = kw)]`, where `keyway` has another name"));
                }
                let path: Path = meta.value()?.parse()?;
                runtime = quote!(#path);
                Ok(())
            })?;
        }
    }
    Ok(quote!(#runtime::__codegen::derived))
}

fn is_string(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "String"))
}

/// The attributes of a field or a variant.
#[derive(Default)]
struct DeriveSettings {
    rename: Option<String>,
    skips_none: bool,
    is_untagged: bool,
}

impl DeriveSettings {
    fn read(attributes: &[Attribute]) -> syn::Result<DeriveSettings> {
        let mut settings = DeriveSettings::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| settings.add(&meta))?;
        }
        Ok(settings)
    }

    fn add(&mut self, meta: &ParseNestedMeta<'_>) -> syn::Result<()> {
        let text = || meta.value()?.parse::<LitStr>();
        if meta.path.is_ident("untagged") {
            self.is_untagged = true;
        } else if meta.path.is_ident("rename") {
            self.rename = Some(text()?.value());
        } else if meta.path.is_ident("skip_serializing_if") && text()?.value() == "Option::is_none" {
            self.skips_none = true;
        } else {
            return Err(meta.error(USAGE));
        }
        Ok(())
    }
}
