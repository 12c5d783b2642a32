//! `key = "value"` and bare words, as the attributes of an api take them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Lit, LitInt, LitStr, Token};

/// A key, and the value where one is said.
pub(super) struct Setting {
    pub(super) key: Ident,
    pub(super) value: Option<Lit>,
}

impl Setting {
    /// The key's name; `as` and other words of Rust are names here.
    pub(super) fn name(&self) -> String {
        self.key.unraw().to_string()
    }

    /// The text that it says, or what to write.
    pub(super) fn text(&self, example: &str) -> syn::Result<LitStr> {
        match &self.value {
            Some(Lit::Str(text)) if !text.value().is_empty() => Ok(text.clone()),
            Some(other) => Err(syn::Error::new(other.span(), format!("write a text: `{example}`"))),
            None => Err(syn::Error::new(self.key.span(), format!("say what it is: `{example}`"))),
        }
    }

    /// The whole number that it says, or what to write.
    pub(super) fn number(&self, example: &str) -> syn::Result<LitInt> {
        match &self.value {
            Some(Lit::Int(number)) => Ok(number.clone()),
            Some(other) => Err(syn::Error::new(other.span(), format!("write a whole number: `{example}`"))),
            None => Err(syn::Error::new(self.key.span(), format!("say what it is: `{example}`"))),
        }
    }
}

/// Settings to the end of the input, with commas between them.
pub(super) fn list(input: ParseStream<'_>) -> syn::Result<Vec<Setting>> {
    let mut settings: Vec<Setting> = Vec::new();
    while !input.is_empty() {
        let key = input.call(Ident::parse_any)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        let setting = Setting { key, value };
        if settings.iter().any(|other| other.name() == setting.name()) {
            let message = format!("`{}` is said already: remove one of them", setting.name());
            return Err(syn::Error::new(setting.key.span(), message));
        }
        settings.push(setting);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(settings)
}

/// A value of the runtime's data that may not be there.
pub(super) fn option(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(|| quote!(::core::option::Option::None), |value| quote!(::core::option::Option::Some(#value)))
}

/// The error of a setting that is none of these.
pub(super) fn unknown(setting: &Setting, known: &[&str], of: &str) -> syn::Error {
    let list = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    syn::Error::new(setting.key.span(), format!("`{}` is nothing that {of} takes: it takes {list}", setting.name()))
}
