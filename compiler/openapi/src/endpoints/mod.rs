//! Operations of a document as `keyway.endpoints` of an entry: an overlay in YAML.
//!
//! ```text
//! api::Operation -> naming, parameters, body, paging -> EndpointDraft -> yaml -> text
//! ```
//!
//! From the same reading of the document as the trait. The form says less than Rust does: what it has no word for is a
//! finding, and an operation that cannot be called without it is refused.

mod body;
mod kind;
mod naming;
mod paging;
mod parameters;
mod yaml;

use crate::api::{self, Operation};
use crate::entry::{TargetEntry, Way};
use crate::method::is_url;
use crate::read::{At, Documents};
use crate::report::{Finding, Rule};
use crate::select::{Selection, select};
use keyway_format::endpoint_path::{self, PathPiece};
use keyway_spec::Paginate;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// The outcome of an import as endpoints.
#[derive(Debug)]
pub struct ImportedEndpoints {
    /// The overlay; empty where nothing could be said.
    pub text: String,
    /// The number of endpoints in it.
    pub count: usize,
    /// Everything that could not be said.
    pub findings: Vec<Finding>,
    /// The operations without an endpoint: id and reason.
    pub refused: Vec<(String, String)>,
}

/// One endpoint, before it is written.
#[derive(Debug, Default)]
struct EndpointDraft {
    name: String,
    verb: &'static str,
    path: String,
    title: Option<String>,
    docs: Option<String>,
    headers: Vec<(String, String)>,
    path_parameters: Vec<ParameterDraft>,
    query: Vec<ParameterDraft>,
    body: Vec<ParameterDraft>,
    is_form: bool,
    idempotency_key: Option<String>,
    paginate: Option<paging::PagesDraft>,
    items: Option<String>,
}

/// One parameter, before it is written.
#[derive(Debug)]
struct ParameterDraft {
    name: String,
    kind: kind::DraftKind,
    style: Option<&'static str>,
    is_required: bool,
    description: Option<String>,
}

/// The facts that all operations share.
struct EndpointContext<'c> {
    entry: &'c TargetEntry,
    /// The way to the document's server.
    way: Way,
    servers: &'c [String],
    /// The pages of the entry.
    pages: Option<Paginate>,
}

/// Writes operations as endpoints of an entry, whose own rule of pages is `pages`. The error is a sentence, where the
/// document is none or has none of them.
pub fn endpoints(
    documents: &Documents,
    entry: &TargetEntry,
    pages: Option<Paginate>,
    selection: &Selection,
) -> Result<ImportedEndpoints, String> {
    let api = api::api(documents)?;
    let context = EndpointContext { entry, way: entry.way(&api.servers), servers: &api.servers, pages };
    let mut findings = api.findings.clone();
    let root = At::root(documents);
    findings.extend(context.way.problem.iter().map(|problem| Finding::new(Rule::ServerNotCovered, &root, problem)));
    let (mut drafts, mut refused, mut names) = (Vec::new(), Vec::new(), HashSet::new());
    let mut calls: HashMap<String, String> = HashMap::new();
    for place in select(&api.operations, selection)? {
        let operation = &api.operations[place];
        findings.extend(operation.findings.clone());
        match draft(operation, &context, &mut findings).and_then(|draft| once(draft, &operation.id, &mut calls)) {
            Ok(draft) => {
                let name = naming::distinct(&mut names, &naming::endpoint(&operation.id));
                drafts.push(EndpointDraft { name, ..draft });
            }
            Err(reason) => {
                findings.push(Finding::new(Rule::NotSaid, &operation.at, format!("`{}`: {reason}", operation.id)));
                refused.push((operation.id.clone(), reason));
            }
        }
    }
    documents.finish()?;
    let text = if drafts.is_empty() { String::new() } else { yaml::overlay(entry.key, &drafts) };
    Ok(ImportedEndpoints { text, count: drafts.len(), findings, refused })
}

/// Refuses what another operation calls too, whatever the names of the path's values.
fn once(draft: EndpointDraft, id: &str, calls: &mut HashMap<String, String>) -> Result<EndpointDraft, String> {
    let pieces = endpoint_path::parse(&draft.path).unwrap_or_default();
    let plain = pieces.into_iter().map(|(_, piece)| if let PathPiece::Text(text) = piece { text } else { "{}" });
    match calls.entry([draft.verb, " "].into_iter().chain(plain).collect()) {
        Entry::Vacant(free) => drop(free.insert(id.to_owned())),
        Entry::Occupied(first) => return Err(format!("the same call as `{}`", first.get())),
    }
    Ok(draft)
}

fn draft(
    operation: &Operation<'_>,
    context: &EndpointContext<'_>,
    findings: &mut Vec<Finding>,
) -> Result<EndpointDraft, String> {
    if matches!(operation.verb, "options" | "trace") {
        return Err(format!("method {}", operation.verb.to_uppercase()));
    }
    let mut draft = EndpointDraft {
        verb: operation.verb,
        title: operation.summary.and_then(naming::sentence),
        docs: operation.docs.filter(|url| is_url(url)).map(str::to_owned),
        ..EndpointDraft::default()
    };
    let prefix = prefix(operation, context)?;
    parameters::path(operation, &prefix, &mut draft, findings)?;
    let set_by_pages = paging::pages(operation, context, &mut draft, findings);
    parameters::others(operation, context.entry, &set_by_pages, &mut draft, findings)?;
    body::body(operation, &mut draft, findings)?;
    Ok(draft)
}

/// The text before the path. An endpoint stands below the base URL of its entry.
fn prefix(operation: &Operation<'_>, context: &EndpointContext<'_>) -> Result<String, String> {
    if operation.servers.is_empty() || operation.servers == context.servers {
        return Ok(context.way.prefix.clone());
    }
    let own = context.entry.way(&operation.servers);
    if own.host.is_some() && own.host != context.way.host {
        return Err("a server of its own".to_owned());
    }
    Ok(own.prefix)
}
