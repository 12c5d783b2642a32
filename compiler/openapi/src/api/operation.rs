//! One operation: what it is called, where it stands, and its parts.

use super::answer::{self, DocumentAnswer};
use super::body::{self, Body};
use super::parameter::{self, Parameter};
use super::version::{Version, servers};
use crate::read::At;
use crate::report::Finding;
use crate::shape::numbered;
use std::collections::HashSet;

/// The methods of a path item.
pub const VERBS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// Bytes of an id, at most: names of types begin with it.
const MAX_ID: usize = 500;

/// An operation of a document.
#[derive(Clone, Debug)]
pub struct Operation<'d> {
    /// Its `operationId`, or one made of method and path where it has none of its own.
    pub id: String,
    /// The method, in lower case.
    pub verb: &'static str,
    /// The path, as it is written.
    pub path: &'d str,
    /// Its tags.
    pub tags: Vec<&'d str>,
    /// One line about it.
    pub summary: Option<&'d str>,
    /// The page that documents it.
    pub docs: Option<&'d str>,
    /// True if the vendor advises against it.
    pub is_deprecated: bool,
    /// The parameters, those of the path item included.
    pub parameters: Vec<Parameter<'d>>,
    /// The body of the request.
    pub body: Option<Body<'d>>,
    /// The answers, in the order of the file.
    pub answers: Vec<DocumentAnswer<'d>>,
    /// Servers of its own.
    pub servers: Vec<String>,
    /// The names of schemes, one list for each way in; `None` where the document's apply.
    pub security: Option<Vec<Vec<&'d str>>>,
    /// Where it stands.
    pub at: At<'d>,
    /// Parts that could not be read.
    pub findings: Vec<Finding>,
}

/// The facts that all operations share.
pub(super) struct DocumentContext<'d> {
    pub(super) root: At<'d>,
    pub(super) version: Version,
}

pub(super) fn read<'d>(
    context: &DocumentContext<'d>,
    path: &'d str,
    verb: &'static str,
    item: &At<'d>,
    at: &At<'d>,
) -> Operation<'d> {
    let mut findings = Vec::new();
    let declared = parameter::merged(item, at, &mut findings);
    let id = at.text("operationId").map(str::trim).filter(|id| !id.is_empty() && id.len() <= MAX_ID);
    let mut own_servers = Vec::new();
    if context.version == Version::Three {
        own_servers = servers(at, context.version);
        if own_servers.is_empty() {
            own_servers = servers(item, context.version);
        }
    }
    let body = match context.version {
        Version::Two => body::of_swagger(&context.root, at, &declared),
        Version::Three => body::of_openapi(at, &mut findings),
    };
    let parameters = declared.into_iter().filter_map(|at| parameter::read(at, context.version)).collect();
    Operation {
        id: id.map_or_else(|| made(verb, path), str::to_owned),
        verb,
        path,
        tags: at.texts("tags"),
        summary: at.text("summary"),
        docs: at.get("externalDocs").and_then(|docs| docs.text("url")),
        is_deprecated: at.flag("deprecated"),
        parameters,
        body,
        answers: answer::read(&context.root, at, context.version, &mut findings),
        servers: own_servers,
        security: security(at),
        at: at.clone(),
        findings,
    }
}

/// The ways to sign in that a document or an operation names; `None` where it names none.
pub fn security<'d>(at: &At<'d>) -> Option<Vec<Vec<&'d str>>> {
    let ways = at.get("security")?;
    Some(ways.items().iter().map(|way| way.members().into_iter().map(|(name, _)| name).collect()).collect())
}

fn made(verb: &str, path: &str) -> String {
    format!("{verb}_{}", keyway_compiler::lower::names::snake(path))
}

/// An id that an operation before has too gives way to method and path.
pub(super) fn distinct(operations: &mut [Operation<'_>]) {
    let mut seen = HashSet::new();
    for operation in operations {
        if seen.insert(operation.id.clone()) {
            continue;
        }
        let id = made(operation.verb, operation.path);
        operation.id = if seen.insert(id.clone()) { id } else { numbered(&mut seen, "_", &id) };
    }
}
