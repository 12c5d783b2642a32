//! The result of a method, read from its return type.
//!
//! Types are read as they are written: this module cannot know what an alias stands for.

use super::Found;
use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::{GenericArgument, PathArguments, ReturnType, Type, TypeGroup, TypeParen, TypePath};

/// The result of a method.
#[derive(Clone)]
pub(super) enum AnswerShape {
    /// A value that is read from a successful answer, with its type.
    Value(Type, ReadKind),
    /// That it succeeded.
    Nothing,
    /// The response as it comes.
    Raw(Type),
    /// The body of a successful answer as it comes.
    Download(Type),
    /// The pages of a list of these.
    Pages(Type),
}

/// A way to read an answer; they nest as types do.
#[derive(Clone)]
pub(super) enum ReadKind {
    Json(Box<Type>),
    Text,
    Bytes,
    Nothing,
    WithHead(Box<ReadKind>),
    OrAbsent(Box<ReadKind>),
}

/// Reads the return type. One that cannot be is reported, and taken as JSON. `is_absent` says that statuses are named
/// which mean that there is no value.
pub(super) fn read(output: &ReturnType, is_paged: bool, is_absent: bool, found: &mut Found) -> AnswerShape {
    let ReturnType::Type(_, ty) = output else {
        return AnswerShape::Nothing;
    };
    let ty = bare(ty);
    let last = last_segment(ty);
    match last.as_deref() {
        _ if is_paged => {
            if let Some(item) = argument_of(ty, "Vec") {
                return AnswerShape::Pages(item.clone());
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
        Some("Response") if is_the_runtimes(ty) => return AnswerShape::Raw(ty.clone()),
        Some("Download") if is_the_runtimes(ty) => return AnswerShape::Download(ty.clone()),
        _ if is_unit(ty) => return AnswerShape::Nothing,
        _ if matches!(ty, Type::ImplTrait(_) | Type::Reference(_) | Type::Never(_)) => {
            let message = "an answer is read into a type of its own: write one that implements `Deserialize`";
            found.push(syn::Error::new_spanned(ty, message));
        }
        _ => {}
    }
    AnswerShape::Value(ty.clone(), read_kind(ty, is_absent, found))
}

fn read_kind(ty: &Type, is_absent: bool, found: &mut Found) -> ReadKind {
    let ty = bare(ty);
    match last_segment(ty).as_deref() {
        _ if is_unit(ty) => ReadKind::Nothing,
        Some("String") if is_the_runtimes(ty) || is_std_string(ty) => ReadKind::Text,
        Some("Bytes") if is_the_runtimes(ty) => ReadKind::Bytes,
        Some("Answer") if !is_local(ty) && argument_of(ty, "Answer").is_some() => {
            let inner = argument_of(ty, "Answer").map(|inner| read_kind(inner, is_absent, found));
            inner.map_or(ReadKind::Nothing, |inner| ReadKind::WithHead(Box::new(inner)))
        }
        Some("Option") if argument_of(ty, "Option").is_some() => {
            let inner = argument_of(ty, "Option").map_or(ReadKind::Nothing, |inner| read_kind(inner, false, found));
            match inner {
                inner if is_absent => ReadKind::OrAbsent(Box::new(inner)),
                ReadKind::Json(_) => ReadKind::Json(Box::new(ty.clone())),
                _ => {
                    let message = "say which statuses mean that there is none: `#[absent(404)]` above the method";
                    found.push(syn::Error::new_spanned(ty, message));
                    ReadKind::Json(Box::new(ty.clone()))
                }
            }
        }
        _ => ReadKind::Json(Box::new(ty.clone())),
    }
}

impl ReadKind {
    /// The type of the runtime that reads so, all of it at one place: rustc points at the whole of a type that cannot
    /// be read.
    pub(super) fn marker(&self, runtime: &TokenStream, span: Span) -> TokenStream {
        match self {
            ReadKind::Json(ty) => quote_spanned!(span=> #runtime::AsJson<#ty>),
            ReadKind::Text => quote_spanned!(span=> #runtime::AsText),
            ReadKind::Bytes => quote_spanned!(span=> #runtime::AsBytes),
            ReadKind::Nothing => quote_spanned!(span=> #runtime::AsNothing),
            ReadKind::WithHead(inner) => {
                let inner = inner.marker(runtime, span);
                quote_spanned!(span=> #runtime::WithHead<#inner>)
            }
            ReadKind::OrAbsent(inner) => {
                let inner = inner.marker(runtime, span);
                quote_spanned!(span=> #runtime::OrAbsent<#inner>)
            }
        }
    }

    /// The value without what is around it.
    pub(super) fn innermost(&self) -> &ReadKind {
        match self {
            ReadKind::WithHead(inner) | ReadKind::OrAbsent(inner) => inner.innermost(),
            inner => inner,
        }
    }

    /// True if there may be no value.
    pub(super) fn may_be_absent(&self) -> bool {
        match self {
            ReadKind::OrAbsent(_) => true,
            ReadKind::WithHead(inner) => inner.may_be_absent(),
            _ => false,
        }
    }
}

/// A type without the invisible brackets that a fragment of `macro_rules` brings, and without visible ones.
pub(super) fn bare(mut ty: &Type) -> &Type {
    while let Type::Group(TypeGroup { elem, .. }) | Type::Paren(TypeParen { elem, .. }) = ty {
        ty = elem;
    }
    ty
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// `Response` by itself or after the name of a crate; `self::Response` is one of the user's own.
fn is_the_runtimes(ty: &Type) -> bool {
    let Type::Path(TypePath { path, .. }) = ty else { return false };
    path.segments.len() <= 2 && !is_local(ty) && path.segments.iter().all(|segment| segment.arguments.is_none())
}

fn is_std_string(ty: &Type) -> bool {
    let Type::Path(TypePath { path, .. }) = ty else { return false };
    let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    names.len() == 3 && matches!(names[0].as_str(), "std" | "alloc") && names[1] == "string"
}

/// True if a path begins in the user's own crate.
fn is_local(ty: &Type) -> bool {
    let Type::Path(TypePath { path, .. }) = ty else { return false };
    let first = path.segments.first().map(|segment| segment.ident.to_string()).unwrap_or_default();
    matches!(first.as_str(), "self" | "super" | "crate")
}

fn last_segment(ty: &Type) -> Option<String> {
    let Type::Path(TypePath { qself: None, path, .. }) = ty else { return None };
    path.segments.last().map(|segment| segment.ident.to_string())
}

/// The `T` of `Vec<T>`.
fn argument_of<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(TypePath { qself: None, path, .. }) = ty else { return None };
    let last = path.segments.last().filter(|segment| segment.ident == name)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if arguments.args.len() == 1 => match arguments.args.first()? {
            GenericArgument::Type(item) => Some(item),
            _ => None,
        },
        _ => None,
    }
}
