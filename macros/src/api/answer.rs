//! The result of a method, read from its return type.
//!
//! Types are read as they are written: this module cannot know what an alias stands for.

use super::Found;
use syn::{GenericArgument, PathArguments, ReturnType, Type, TypeGroup, TypeParen, TypePath};

/// The result of a method.
#[derive(Clone)]
pub(super) enum Answer {
    /// A successful answer's body, as JSON.
    Json(Type),
    /// That it succeeded.
    Nothing,
    /// The response as it comes.
    Raw(Type),
    /// The pages of a list of these.
    Pages(Type),
}

/// Reads the return type. One that cannot be is reported, and taken as JSON.
pub(super) fn read(output: &ReturnType, is_paged: bool, found: &mut Found) -> Answer {
    let ReturnType::Type(_, ty) = output else {
        return Answer::Nothing;
    };
    let ty = bare(ty);
    let last = last_segment(ty);
    match last.as_deref() {
        _ if is_paged => {
            if let Some(item) = item(ty) {
                return Answer::Pages(item);
            }
            let message = "pages are of a list: write `-> Vec<Item>` with the type of one item";
            found.push(syn::Error::new_spanned(ty, message));
        }
        Some("Result") => {
            let message = "write what a success gives alone: the macro makes it a future of a `Result`";
            found.push(syn::Error::new_spanned(ty, message));
        }
        Some("Pages") => {
            let message = "write `-> Vec<Item>` and `#[paginate]` above the method";
            found.push(syn::Error::new_spanned(ty, message));
        }
        Some("Response") if is_the_runtimes(ty) => return Answer::Raw(ty.clone()),
        _ if matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty()) => return Answer::Nothing,
        _ if matches!(ty, Type::ImplTrait(_) | Type::Reference(_) | Type::Never(_)) => {
            let message = "an answer is read into a type of its own: write one that implements `Deserialize`";
            found.push(syn::Error::new_spanned(ty, message));
        }
        _ => {}
    }
    Answer::Json(ty.clone())
}

/// A type without the invisible brackets that a fragment of `macro_rules` brings, and without visible ones.
pub(super) fn bare(mut ty: &Type) -> &Type {
    while let Type::Group(TypeGroup { elem, .. }) | Type::Paren(TypeParen { elem, .. }) = ty {
        ty = elem;
    }
    ty
}

/// `Response` by itself or after the name of a crate; `self::Response` is one of the user's own.
fn is_the_runtimes(ty: &Type) -> bool {
    let Type::Path(TypePath { path, .. }) = ty else { return false };
    let first = path.segments.first().map(|segment| segment.ident.to_string()).unwrap_or_default();
    let is_local = matches!(first.as_str(), "self" | "super" | "crate");
    path.segments.len() <= 2 && !is_local && path.segments.iter().all(|segment| segment.arguments.is_none())
}

fn last_segment(ty: &Type) -> Option<String> {
    let Type::Path(TypePath { qself: None, path, .. }) = ty else { return None };
    path.segments.last().map(|segment| segment.ident.to_string())
}

/// The `T` of `Vec<T>`.
fn item(ty: &Type) -> Option<Type> {
    let Type::Path(TypePath { qself: None, path, .. }) = ty else { return None };
    let last = path.segments.last().filter(|segment| segment.ident == "Vec")?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if arguments.args.len() == 1 => match arguments.args.first()? {
            GenericArgument::Type(item) => Some(item.clone()),
            _ => None,
        },
        _ => None,
    }
}
