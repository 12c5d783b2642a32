//! Whether the parts of a method agree: the path with the arguments, the body with the verb.
//!
//! One finding for one mistake.

use super::Found;
use super::answer::{Reading, Returned, bare};
use super::argument::{Argument, ArgumentKind};
use super::body::BodyKind;
use super::method::{Endpoint, Method};
use super::path::Piece;
use syn::spanned::Spanned;
use syn::{Error, FnArg, GenericParam, Type, TypePath};

/// The problems of a method as a whole.
pub(super) fn method(method: &Method, is_dyn: bool) -> Found {
    match method {
        Method::Endpoint(endpoint) => {
            let of_dyn = if is_dyn { dyn_compatible(endpoint) } else { Found::new() };
            [path(endpoint), bodies(endpoint), answer(endpoint), repeated(endpoint), of_dyn].concat()
        }
        Method::Provided(_) => Found::new(),
    }
}

fn path(endpoint: &Endpoint) -> Found {
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

/// The number of letters to add, remove or change (Levenshtein).
pub(super) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, other) in b.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn bodies(endpoint: &Endpoint) -> Found {
    let mut bodies = endpoint.arguments.iter().filter(|argument| matches!(argument.place, ArgumentKind::Body(_)));
    let (first, second) = (bodies.next(), bodies.next());
    let verb = endpoint.verb;
    let without = first.filter(|_| !verb.has_body && endpoint.path.is_some()).map(|body| {
        let message = format!("a {} has no body: mark the argument `#[query]`, or write `#[post(...)]`", verb.method);
        Error::new(body.span, message)
    });
    let twice = second.map(|body| {
        let message = "a request has one body: put both into one struct";
        Error::new(body.span, message)
    });
    without.into_iter().chain(twice).collect()
}

fn answer(endpoint: &Endpoint) -> Found {
    let is_head = endpoint.verb.method == "HEAD" && endpoint.path.is_some();
    let mut found = Found::new();
    match &endpoint.answer {
        Returned::Pages(ty) | Returned::Download(ty) if is_head => found.push(no_body(ty)),
        Returned::Value(ty, reading) if is_head && !matches!(reading.innermost(), Reading::Nothing) => {
            found.push(no_body(ty));
        }
        _ => {}
    }
    let may_be_absent = matches!(&endpoint.answer, Returned::Value(_, reading) if reading.may_be_absent());
    if let Some(status) = endpoint.limits.absent.first().filter(|_| !may_be_absent) {
        let message = "where there may be no value the answer is an `Option`: write `-> Option<T>`";
        found.push(Error::new(status.span(), message));
    }
    found
}

fn no_body(ty: &Type) -> Error {
    let message = "an answer to HEAD has no body: write no type, or `-> Answer<()>` for status and headers";
    Error::new(ty.span(), message)
}

/// Calls that are sent more than once.
fn repeated(endpoint: &Endpoint) -> Found {
    let mut found = Found::new();
    let streams = endpoint
        .arguments
        .iter()
        .any(|argument| matches!(&argument.place, ArgumentKind::Body(body) if matches!(body.kind, BodyKind::Stream)));
    let is_paged = matches!(endpoint.answer, Returned::Pages(_));
    if let Some(retries) = endpoint.limits.retries.as_ref().filter(|_| streams) {
        let message = "a stream can be sent once: remove `#[retries]`, or send the body as `#[body(bytes)]`";
        found.push(Error::new(retries.span(), message));
    }
    if let Some(key) = &endpoint.limits.idempotent {
        if is_paged {
            let message = "each page is a call of its own, so no key is the same for them: remove `#[idempotent]`";
            found.push(Error::new(key.span(), message));
        } else if !endpoint.verb.has_body && endpoint.path.is_some() {
            let message = format!("a {} is idempotent already: remove `#[idempotent]`", endpoint.verb.method);
            found.push(Error::new(key.span(), message));
        }
    }
    if is_paged && streams {
        let body = endpoint.arguments.iter().find(|argument| matches!(argument.place, ArgumentKind::Body(_)));
        let message = "a stream can be sent once, so its call has no pages: send the body as `#[body(bytes)]`";
        found.extend(body.map(|body| Error::new(body.span, message)));
    }
    found
}

/// Types of the caller's choice, which a trait that is used as `dyn` cannot have.
fn dyn_compatible(endpoint: &Endpoint) -> Found {
    let message = "a trait that is used as `dyn` has no types of the caller's choice: name the type";
    let generic = endpoint.signature.generics.params.iter().find(|param| !matches!(param, GenericParam::Lifetime(_)));
    let mut found: Found = generic.map(|param| Error::new_spanned(param, message)).into_iter().collect();
    for input in &endpoint.signature.inputs {
        if let FnArg::Typed(argument) = input
            && matches!(bare(&argument.ty), Type::ImplTrait(_))
        {
            found.push(Error::new_spanned(&argument.ty, message));
        }
    }
    found
}

fn is_named(ty: &Type, names: &[&str]) -> bool {
    let Type::Path(TypePath { path, .. }) = bare(ty) else { return false };
    path.segments.last().is_some_and(|last| names.iter().any(|name| last.ident == name))
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_letters() {
        for (a, b, expected) in
            [("", "", 0), ("owner", "owner", 0), ("owner", "onwer", 2), ("repo", "repos", 1), ("", "ab", 2)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
