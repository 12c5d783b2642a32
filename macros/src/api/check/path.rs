//! The path and the arguments: each of its names is one, and each of them goes somewhere.

use crate::api::Found;
use crate::api::answer::bare;
use crate::api::argument::{Argument, ArgumentKind};
use crate::api::distance::distance;
use crate::api::method::Endpoint;
use crate::api::path::Piece;
use syn::spanned::Spanned;
use syn::{Error, Type, TypePath};

/// The path with the arguments.
pub(super) fn agrees(endpoint: &Endpoint) -> Found {
    let Some((pieces, literal)) = &endpoint.path else {
        return Found::new();
    };
    let method = &endpoint.signature.ident;
    let names: Vec<&String> = pieces.iter().filter_map(Piece::name).collect();
    let is_rest = |name: &str| pieces.iter().any(|piece| matches!(piece, Piece::Rest(rest) if rest == name));
    let mut found = Found::new();
    for name in &names {
        match endpoint.arguments.iter().find(|argument| argument.name() == **name) {
            None => {
                let near = near(name, endpoint, &names);
                let message = match near {
                    Some(near) => format!("`{method}` has no argument `{name}`: did you mean `{{{near}}}`?"),
                    None => {
                        format!("`{method}` has no argument `{name}`: add `{name}: &str`, or take `{{{name}}}` out")
                    }
                };
                found.push(Error::new(literal.span(), message));
            }
            Some(Argument { place: ArgumentKind::Path, ty, .. }) => {
                let wrong: &[&str] = if is_rest(name) { &["Option"] } else { &["Option", "Vec"] };
                found.extend(is_named(ty, wrong).then(|| {
                    let message = format!("`{name}` is a part of the path, which is one value and always there");
                    Error::new(ty.span(), message)
                }));
            }
            Some(Argument { place: ArgumentKind::Unread, .. }) => {}
            Some(argument) => {
                let message = format!("`{name}` stands in the path already: remove this attribute, or `{{{name}}}`");
                found.push(Error::new(argument.span, message));
            }
        }
    }
    let has_strays = names.iter().any(|name| endpoint.arguments.iter().all(|argument| argument.name() != **name));
    for argument in &endpoint.arguments {
        let name = argument.name();
        let is_lost = matches!(argument.place, ArgumentKind::Path) && !names.contains(&&name);
        // A misspelt name in the path is reported there.
        if is_lost && !has_strays {
            let message = format!(
                "`{name}` goes nowhere: write `{{{name}}}` into the path, or mark it `#[query]`, `#[header(\"name\")]` or \
                 `#[body]`"
            );
            found.push(Error::new(argument.span, message));
        }
    }
    found
}

/// An argument that goes nowhere and is spelt much like a name of the path.
fn near(name: &str, endpoint: &Endpoint, names: &[&String]) -> Option<String> {
    let lost = endpoint.arguments.iter().filter(|argument| matches!(argument.place, ArgumentKind::Path));
    let mut lost = lost.map(Argument::name).filter(|lost| !names.contains(&lost));
    lost.find(|lost| distance(lost, name) <= 2 || lost.replace('_', "") == name.to_ascii_lowercase())
}

fn is_named(ty: &Type, names: &[&str]) -> bool {
    let Type::Path(TypePath { path, .. }) = bare(ty) else { return false };
    path.segments.last().is_some_and(|last| names.iter().any(|name| last.ident == name))
}
