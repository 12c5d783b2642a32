//! An argument of a method and where its value goes.
//!
//! [`super::check`] checks that the places of several arguments agree.

use super::Found;
use super::body::{self, BodyArgument};
use super::query::{self, Query};
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, LitStr, Pat, PatType, Type};

/// An argument.
pub(super) struct Argument {
    pub(super) ident: Ident,
    pub(super) ty: Type,
    pub(super) place: ArgumentKind,
    /// Where a mistake of its place is shown.
    pub(super) span: Span,
}

impl Argument {
    /// Its name, without `r#`.
    pub(super) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

/// Where a value goes.
pub(super) enum ArgumentKind {
    /// Into the path, where it says `{name}`.
    Path,
    /// Into the query, under the argument's name or another.
    Query(Query),
    /// Into a header.
    Header(LitStr),
    /// It is the body.
    Body(BodyArgument),
    /// Its attribute could not be read, which is reported.
    Unread,
}

/// Reads an argument and takes its attributes away. `None` where it has no name, which is reported.
pub(super) fn read(argument: &mut PatType, found: &mut Found) -> Option<Argument> {
    let attributes = std::mem::take(&mut argument.attrs);
    let Pat::Ident(pattern) = &*argument.pat else {
        let message = "give the argument a name: it is what the API calls the value";
        found.push(syn::Error::new_spanned(&argument.pat, message));
        return None;
    };
    let ident = pattern.ident.clone();
    let mut places = Vec::new();
    let default = if attributes.is_empty() { ArgumentKind::Path } else { ArgumentKind::Unread };
    for attribute in attributes {
        match place(&attribute, &ident) {
            Ok(place) => places.push((place, attribute.span())),
            Err(error) => found.push(error),
        }
    }
    if let Some((_, second)) = places.get(1) {
        found.push(syn::Error::new(
            *second,
            format!("`{ident}` can go to one place only: remove one of its attributes"),
        ));
    }
    let (place, span) = places.into_iter().next().unwrap_or((default, ident.span()));
    Some(Argument { ident, ty: (*argument.ty).clone(), place, span })
}

fn place(attribute: &Attribute, ident: &Ident) -> syn::Result<ArgumentKind> {
    let name = attribute.path().get_ident().map(ToString::to_string).unwrap_or_default();
    match name.as_str() {
        "query" => query::read(attribute).map(ArgumentKind::Query),
        "header" => {
            let name: LitStr = attribute
                .parse_args()
                .map_err(|_| syn::Error::new_spanned(attribute, "name the header: `#[header(\"x-request-id\")]`"))?;
            header_name(&name)?;
            Ok(ArgumentKind::Header(name))
        }
        "body" => body::read(attribute).map(ArgumentKind::Body),
        other => {
            let message = format!(
                "`#[{other}]` is no place for the value of `{ident}`: write `#[query]`, `#[header(\"name\")]` or \
                 `#[body]`, or nothing for a part of the path"
            );
            Err(syn::Error::new_spanned(attribute, message))
        }
    }
}

/// Refuses what is not a header name (RFC 9110 section 5.1).
pub(super) fn header_name(name: &LitStr) -> syn::Result<()> {
    let text = name.value();
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if text.is_empty() || !text.bytes().all(is_token) {
        let message =
            format!("`{text}` is no name of a header: it has letters, digits and `-`, as in `\"x-request-id\"`");
        return Err(syn::Error::new(name.span(), message));
    }
    Ok(())
}
