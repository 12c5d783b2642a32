//! An operation as a method of a trait, or the reason for which it is none.
//!
//! [`place`] says where it is sent, `parameters` and [`body`] what is sent. [`success`] chooses the answer that
//! [`returned`] gives a type, and `refusal` gives one to errors. [`security`] compares the ways to sign in with those
//! of the entry.

mod body;
mod conditional;
mod examples;
mod form;
mod parameters;
mod place;
mod refusal;
mod returned;
mod security;
mod success;

pub(crate) use examples::examples;

use crate::api::{Operation, Scheme};
use crate::entry::{TargetEntry, Way};
use crate::pages::paging;
use crate::report::{Finding, Rule};
use crate::shape::{Direction, Shaper, Site, Type, about, distinct};
use body::{has_content, take_body};
use conditional::make_conditional;
use examples::shows_list;
use keyway_compiler::lower::names::{camel, escape, snake};
use parameters::parameters;
use place::{path, way};
use refusal::refusal;
use returned::give;
use security::secure;
use std::collections::HashSet;
use success::{Chosen, answer};

/// Names of methods that a client has itself: one of a trait could not be called.
#[rustfmt::skip]
const OF_CLIENTS: [&str; 14] = [
    "authorize", "call", "clone", "connection", "delete", "get", "head", "patch", "pages", "post", "put", "request",
    "retries", "send",
];

/// A method of the trait.
#[derive(Clone, Debug)]
pub struct TraitMethod {
    /// The operation's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `get`, and its like.
    pub verb: &'static str,
    /// The path, with the names of arguments.
    pub path: String,
    /// The page that documents it.
    pub docs: Option<String>,
    /// The document's words about it, on one line.
    pub about: Option<String>,
    /// Attributes above it: name and arguments.
    pub attributes: Vec<(&'static str, Vec<String>)>,
    /// The arguments.
    pub arguments: Vec<Argument>,
    /// The answer.
    pub answer: Returned,
    /// True if it gives back the answer's status and headers, too.
    pub has_head: bool,
    /// The body of a refusal.
    pub refusal: Option<Type>,
    /// Findings about it.
    pub findings: Vec<Finding>,
    /// Conclusions from the document, each with its ground.
    pub evidence: Vec<String>,
}

/// An argument of a method.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its attribute, without brackets; empty for a value of the path.
    pub attribute: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub is: Taken,
}

/// The type of an argument.
#[derive(Clone, Debug)]
pub enum Taken {
    /// A value, borrowed where that is cheaper.
    Value(Type),
    /// As it stands here.
    Literal(&'static str),
}

/// The type of an answer.
#[derive(Clone, Debug)]
pub enum Returned {
    /// The body of a success is passed over.
    Nothing,
    /// JSON.
    Json(Type),
    /// Pages of items.
    Pages(Type),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// The response as it comes.
    Response,
}

/// The facts that all methods share.
pub(crate) struct MethodContext<'d> {
    /// The entry.
    pub entry: &'d TargetEntry,
    /// The way to the document's server.
    pub way: &'d Way,
    /// The schemes of the document.
    pub schemes: &'d [(&'d str, Scheme)],
    /// The ways to sign in of the document.
    pub security: Option<Vec<Vec<&'d str>>>,
    /// True if reads that may answer 304 are conditional.
    pub is_conditional: bool,
}

/// The method of an operation. The error is why there is none: a few words, for a table.
pub(crate) fn method<'d>(
    operation: &Operation<'d>,
    context: &MethodContext<'d>,
    shaper: &mut Shaper<'d>,
    taken: &mut HashSet<String>,
) -> Result<TraitMethod, String> {
    let mut made = TraitMethod {
        id: operation.id.clone(),
        name: String::new(),
        verb: operation.verb,
        path: String::new(),
        docs: operation.docs.filter(|url| is_url(url)).map(str::to_owned),
        about: operation.summary.or_else(|| operation.at.text("description")).and_then(about),
        attributes: Vec::new(),
        arguments: Vec::new(),
        answer: Returned::Nothing,
        has_head: false,
        refusal: None,
        findings: operation.findings.clone(),
        evidence: Vec::new(),
    };
    if matches!(operation.verb, "options" | "trace") {
        return Err(format!("method {}", operation.verb.to_uppercase()));
    }
    let (prefix, host) = way(operation, context)?;
    made.attributes.extend(host.map(|host| ("host", vec![format!("{host:?}")])));
    secure(operation, context, &mut made);
    let base = camel(&operation.id);
    shaper.findings.clear();

    let mut scope = HashSet::new();
    path(operation, &prefix, shaper, &mut scope, &mut made)?;
    let (answer, chosen) = answer(operation);
    let pages = answer.as_ref().zip(chosen.as_ref()).and_then(|(answer, at)| match at {
        Chosen::Json(_, at) => paging(operation, at, &answer.headers),
        _ => None,
    });
    let pages = pages.filter(|pages| {
        let has_list = shows_list(operation, pages);
        if !has_list {
            let message = "it seems to have pages, and an example has no list where they would be";
            made.findings.push(Finding::new(Rule::PagesUnknown, &operation.at, message));
        }
        has_list
    });
    let set_by_pages = pages.as_ref().map(|pages| pages.parameters.clone()).unwrap_or_default();
    parameters(operation, context.entry, &base, &set_by_pages, shaper, &mut scope, &mut made)?;
    if let Some(body) = operation.body.as_ref().filter(|body| has_content(operation, body)) {
        let has_none = matches!(operation.verb, "get" | "head");
        if has_none && body.at.flag("required") {
            return Err(format!("a {} with a body", operation.verb.to_uppercase()));
        }
        if has_none {
            let message = format!("the body: a {} has none", operation.verb.to_uppercase());
            made.findings.push(Finding::new(Rule::ParameterLeftOut, &body.at, message));
        } else {
            take_body(body, &base, shaper, &mut scope, &mut made)?;
        }
    }
    give(operation, chosen, pages, &base, context.entry, shaper, &mut made);
    let says_it_itself = made.attributes.iter().any(|(name, _)| *name == "idempotent");
    if let Some(header) = context.entry.idempotency_key().filter(|_| made.verb == "post" && !says_it_itself) {
        made.attributes.push(("idempotent", vec![format!("{header:?}")]));
        made.evidence.push(format!("by the entry, the header `{header}` makes it safe to send again"));
    }
    if context.is_conditional {
        make_conditional(operation, &mut scope, &mut made);
    }
    // A response as it comes is that of a refusal, too.
    let is_raw = matches!(made.answer, Returned::Response);
    made.refusal = if is_raw { None } else { refusal(operation, &base, shaper) };
    made.findings.append(&mut shaper.findings);
    let name = escape(&snake(&operation.id));
    let name = if OF_CLIENTS.contains(&name.as_str()) { format!("{name}_call") } else { name };
    made.name = distinct(taken, &name);
    Ok(made)
}

/// True for a page of the web.
pub(crate) fn is_url(text: &str) -> bool {
    text.starts_with("https://") && text.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\')
}

fn site(hint: &str) -> Site<'_> {
    Site { hint, direction: Direction::Request, depth: 0 }
}

/// True for what stands in the place of a media type and is none: no name at all, or `applicationjson`.
fn is_json_misspelt(media: &str) -> bool {
    media.is_empty() || !media.contains('/') && media.contains("json")
}

/// A media type without its parameters, in lower case.
pub(crate) fn essence(media: &str) -> String {
    media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}
