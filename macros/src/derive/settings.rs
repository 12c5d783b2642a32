//! The attributes of an item, a field or a variant.

use proc_macro2::TokenStream;
use quote::quote;
use syn::meta::ParseNestedMeta;
use syn::{Attribute, Generics, LitStr, Path};

/// The items that the derives know, said where another is given.
pub(super) const USAGE: &str = "this is for structs with named fields (`rename = \"..\"`, `skip_serializing_if = \"Option::is_none\"`), for enums \
     of texts (`rename`, one `untagged` variant of a `String`) and for enums whose variants hold one value each, \
     `untagged` or told by `tag = \"..\"` (`rename`, `alias`, one `untagged` variant): for anything else write \
     `serde::Deserialize`, `serde::Serialize`";

/// The settings of `#[serde(..)]`.
#[derive(Default)]
pub(super) struct DeriveSettings {
    pub(super) rename: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) tag: Option<String>,
    pub(super) skips_none: bool,
    pub(super) is_untagged: bool,
}

impl DeriveSettings {
    /// Reads the attributes of a place that may have those that are allowed.
    pub(super) fn read(attributes: &[Attribute], allowed: &[&str]) -> syn::Result<DeriveSettings> {
        let mut settings = DeriveSettings::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            attribute.parse_nested_meta(|meta| settings.add(&meta, allowed))?;
        }
        Ok(settings)
    }

    fn add(&mut self, meta: &ParseNestedMeta<'_>, allowed: &[&str]) -> syn::Result<()> {
        let text = || Ok::<_, syn::Error>(meta.value()?.parse::<LitStr>()?.value());
        match allowed.iter().find(|name| meta.path.is_ident(name)) {
            Some(&"untagged") => self.is_untagged = true,
            Some(&"rename") => self.rename = Some(text()?),
            Some(&"alias") => self.aliases.push(text()?),
            Some(&"tag") => self.tag = Some(text()?),
            Some(&"skip_serializing_if") if text()? == "Option::is_none" => self.skips_none = true,
            _ => return Err(meta.error(USAGE)),
        }
        Ok(())
    }
}

/// The items that the implementation names, from `#[keyway(crate = kw)]` where `keyway` has another name.
pub(super) fn support(attributes: &[Attribute], generics: &Generics) -> syn::Result<TokenStream> {
    if !generics.params.is_empty() {
        return Err(syn::Error::new_spanned(generics, USAGE));
    }
    let mut runtime = quote!(::keyway);
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("keyway")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("crate") {
                return Err(meta.error("write `#[keyway(crate = kw)]`, where `keyway` has another name"));
            }
            let path: Path = meta.value()?.parse()?;
            runtime = quote!(#path);
            Ok(())
        })?;
    }
    Ok(quote!(#runtime::__codegen::derived))
}
