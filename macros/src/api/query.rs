//! `#[query("labels", style = "comma")]`: a query parameter.

use super::setting;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, LitStr, Meta, Token};

/// A query parameter.
pub(super) struct Query {
    /// The name where it is not the argument's.
    pub(super) name: Option<LitStr>,
    /// The style where it is not the usual one: the variant of the runtime's `ListStyle`.
    pub(super) style: Option<Ident>,
}

/// The styles, and the runtime's variants of them.
pub(super) const STYLES: [(&str, &str); 7] = [
    ("repeat", "Repeat"),
    ("comma", "Comma"),
    ("space", "Space"),
    ("pipe", "Pipe"),
    ("brackets", "Brackets"),
    ("indices", "Indices"),
    ("deep_object", "DeepObject"),
];

/// Reads the attribute.
pub(super) fn read(attribute: &Attribute) -> syn::Result<Query> {
    if matches!(attribute.meta, Meta::Path(_)) {
        return Ok(Query { name: None, style: None });
    }
    attribute.parse_args_with(|input: ParseStream<'_>| {
        let wrong = || {
            let message = "write `#[query]`, `#[query(\"per_page\")]` for another name, or `#[query(\"labels\", style = \
                           \"comma\")]`";
            syn::Error::new_spanned(attribute, message)
        };
        let name = if input.peek(LitStr) { Some(input.parse::<LitStr>()?) } else { None };
        if name.is_some() && !input.is_empty() {
            input.parse::<Token![,]>().map_err(|_| wrong())?;
        }
        let mut style = None;
        for setting in setting::list(input).map_err(|_| wrong())? {
            if setting.name() != "style" {
                return Err(setting::unknown(&setting, &["style"], "`#[query]`"));
            }
            style = variant(&setting.text("style = \"comma\"")?, &STYLES)?;
        }
        Ok(Query { name, style })
    })
}

/// The variant of a style; `None` for the usual one.
pub(super) fn variant(style: &LitStr, known: &[(&str, &str)]) -> syn::Result<Option<Ident>> {
    let text = style.value();
    match known.iter().find(|(name, _)| *name == text) {
        Some(("repeat", _)) => Ok(None),
        Some((_, variant)) => Ok(Some(Ident::new(variant, style.span()))),
        None => {
            let list = known.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            Err(syn::Error::new(style.span(), format!("there is no style `{text}`: there is {list}")))
        }
    }
}
