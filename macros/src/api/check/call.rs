//! The call as a whole: body, answer, what may be sent twice, what `dyn` allows.

use crate::api::Found;
use crate::api::answer::{AnswerShape, ReadKind, bare};
use crate::api::argument::ArgumentKind;
use crate::api::body::BodyKind;
use crate::api::method::Endpoint;
use syn::spanned::Spanned;
use syn::{Error, FnArg, GenericParam, Type};

/// The body with the verb.
pub(super) fn bodies(endpoint: &Endpoint) -> Found {
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

/// The answer with the verb, and with the statuses that mean that there is none.
pub(super) fn answer(endpoint: &Endpoint) -> Found {
    let is_head = endpoint.verb.method == "HEAD" && endpoint.path.is_some();
    let mut found = Found::new();
    match &endpoint.answer {
        AnswerShape::Pages(ty) | AnswerShape::Download(ty) if is_head => found.push(no_body(ty)),
        AnswerShape::Value(ty, reading) if is_head && !matches!(reading.innermost(), ReadKind::Nothing) => {
            found.push(no_body(ty));
        }
        _ => {}
    }
    let may_be_absent = matches!(&endpoint.answer, AnswerShape::Value(_, reading) if reading.may_be_absent());
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
pub(super) fn repeated(endpoint: &Endpoint) -> Found {
    let mut found = Found::new();
    let streams = endpoint
        .arguments
        .iter()
        .any(|argument| matches!(&argument.place, ArgumentKind::Body(body) if matches!(body.kind, BodyKind::Stream)));
    let is_paged = matches!(endpoint.answer, AnswerShape::Pages(_));
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
pub(super) fn dyn_compatible(endpoint: &Endpoint) -> Found {
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
