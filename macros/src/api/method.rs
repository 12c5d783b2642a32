//! A method of the trait: its verb, its path, its arguments, its answer.
//!
//! An unreadable part is reported and replaced by something harmless, so that the rest is read too. [`super::check`]
//! checks that the parts agree.

use super::answer::{self, AnswerShape};
use super::argument::{self, Argument};
use super::limits::{self, CallSettings};
use super::paginate;
use super::path::{self, Piece};
use super::refusal::{self, ErrorShape};
use super::{Found, known, take};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, FnArg, LitStr, ReceiverKind, Signature, Token, TraitItemFn};

/// A method of the trait.
pub(super) enum Method {
    /// One that calls an endpoint.
    Endpoint(Box<Endpoint>),
    /// One with a body of its own, which is left as it is.
    Provided(Box<TraitItemFn>),
}

/// A method that calls an endpoint.
pub(super) struct Endpoint {
    /// Attributes that are not ours.
    pub(super) attributes: Vec<Attribute>,
    /// The signature, without attributes on arguments.
    pub(super) signature: Signature,
    pub(super) verb: Verb,
    /// The pieces of the path and its literal; `None` if it could not be read.
    pub(super) path: Option<(Vec<Piece>, LitStr)>,
    pub(super) arguments: Vec<Argument>,
    /// Headers that every call carries.
    pub(super) headers: Vec<(LitStr, LitStr)>,
    pub(super) answer: AnswerShape,
    /// The rule of pages.
    pub(super) pages: Option<paginate::PageRule>,
    /// The type of a refusal's body, and when it is read.
    pub(super) error: Option<ErrorShape>,
    pub(super) limits: CallSettings,
}

/// A verb: its attribute, and its method in HTTP.
#[derive(Clone, Copy)]
pub(super) struct Verb {
    pub(super) attribute: &'static str,
    pub(super) method: &'static str,
    /// True if a request may have a body.
    pub(super) has_body: bool,
}

const VERBS: [Verb; 6] = [
    Verb { attribute: "get", method: "GET", has_body: false },
    Verb { attribute: "post", method: "POST", has_body: true },
    Verb { attribute: "put", method: "PUT", has_body: true },
    Verb { attribute: "patch", method: "PATCH", has_body: true },
    Verb { attribute: "delete", method: "DELETE", has_body: true },
    Verb { attribute: "head", method: "HEAD", has_body: false },
];

/// Reads a method. `error` is the trait's own type of a refusal's body.
pub(super) fn read(mut function: TraitItemFn, error: Option<&ErrorShape>, found: &mut Found) -> Method {
    let attributes = &mut function.attrs;
    let verbs: Vec<(Verb, Attribute)> =
        VERBS.iter().flat_map(|verb| take(attributes, verb.attribute).into_iter().map(|ours| (*verb, ours))).collect();
    if verbs.is_empty() && function.default.is_some() {
        return Method::Provided(Box::new(function));
    }
    let paginate = take(attributes, "paginate");
    let headers = take(attributes, "header").iter().filter_map(|header| fixed_header(header, found)).collect();
    let error_at = attributes.iter().find(|attribute| attribute.path().is_ident("error")).cloned();
    let own_error = refusal::read(attributes, found);
    let limits = limits::read(attributes, found);
    known::check(attributes, found);
    let (verb, path) = request_line(&function, verbs, found);
    refuse_qualifiers(&function, found);
    if let Some(body) = &function.default {
        found.push(syn::Error::new_spanned(body, "the macro writes this body: end the method with `;`"));
    }
    let mut signature = function.sig;
    let arguments = arguments(&mut signature, found);
    let mut rules = paginate.iter().map(paginate::read);
    let pages = rules.next().and_then(|rule| rule.map_err(|error| found.push(error)).ok());
    if let Some(second) = paginate.get(1) {
        found.push(syn::Error::new_spanned(second, "`#[paginate]` is said already: put both into one"));
    }
    let answer = answer::read(&signature.output, !paginate.is_empty(), !limits.absent.is_empty(), found);
    let has_shape = !matches!(answer, AnswerShape::Raw(_));
    if let Some(attribute) = error_at.filter(|_| !has_shape) {
        let message = "a response is given as it comes, whatever its status: remove this, or write `-> Answer<T>`";
        found.push(syn::Error::new_spanned(attribute, message));
    }
    let error = own_error.or_else(|| error.cloned()).filter(|_| has_shape);
    let attributes = function.attrs;
    let endpoint = Endpoint { attributes, signature, verb, path, arguments, headers, answer, pages, error, limits };
    Method::Endpoint(Box::new(endpoint))
}

fn request_line(
    function: &TraitItemFn,
    verbs: Vec<(Verb, Attribute)>,
    found: &mut Found,
) -> (Verb, Option<(Vec<Piece>, LitStr)>) {
    let name = &function.sig.ident;
    if let Some((_, second)) = verbs.get(1) {
        let message = format!("`{name}` has a verb already: remove one of them");
        found.push(syn::Error::new_spanned(second, message));
    }
    let Some((verb, attribute)) = verbs.into_iter().next() else {
        let message =
            format!("`{name}` has no verb: write `#[get(\"/path\")]`, or post, put, patch, delete, head, above it");
        found.push(syn::Error::new(name.span(), message));
        return (VERBS[0], None);
    };
    let path = attribute.parse_args::<LitStr>().map_err(|_| {
        let message = format!("say the path as a text: `#[{}(\"/path/{{id}}\")]`", verb.attribute);
        syn::Error::new_spanned(&attribute, message)
    });
    let path = path.and_then(|literal| match path::parse(&literal.value()) {
        Ok(pieces) => Ok((pieces, literal)),
        Err(message) => Err(syn::Error::new(literal.span(), message)),
    });
    (verb, path.map_err(|error| found.push(error)).ok())
}

/// `#[header("accept", "text/csv")]`
fn fixed_header(attribute: &Attribute, found: &mut Found) -> Option<(LitStr, LitStr)> {
    let parts = attribute.parse_args_with(Punctuated::<LitStr, Token![,]>::parse_terminated).unwrap_or_default();
    let mut parts = parts.into_iter();
    let (Some(name), Some(value), None) = (parts.next(), parts.next(), parts.next()) else {
        let message = "say name and value: `#[header(\"accept\", \"text/csv\")]`; a value that varies is an argument";
        found.push(syn::Error::new_spanned(attribute, message));
        return None;
    };
    if let Err(error) = argument::header_name(&name) {
        found.push(error);
    }
    if value.value().chars().any(|sign| !(' '..='~').contains(&sign)) {
        let message = "a header's value has visible ASCII characters and spaces only";
        found.push(syn::Error::new(value.span(), message));
    }
    Some((name, value))
}

/// `async` may be written or not: the method gives back a future anyway.
fn refuse_qualifiers(function: &TraitItemFn, found: &mut Found) {
    let signature = &function.sig;
    let is_by_reference =
        signature.receiver().is_some_and(|receiver| matches!(receiver.kind, ReceiverKind::Reference(_, _, None)));
    if !is_by_reference {
        let first = signature.inputs.first().filter(|first| matches!(first, FnArg::Receiver(_)));
        let span = first.map_or_else(|| signature.ident.span(), Spanned::span);
        let message = format!("a method begins with `&self`: write `fn {}(&self, ...)`", signature.ident);
        found.push(syn::Error::new(span, message));
    }
}

fn arguments(signature: &mut Signature, found: &mut Found) -> Vec<Argument> {
    let typed = signature.inputs.iter_mut().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(argument),
        FnArg::Receiver(_) => None,
    });
    typed.filter_map(|typed| argument::read(typed, found)).collect()
}
