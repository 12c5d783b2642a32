//! The operations of a document: Swagger 2.0 and OpenAPI 3 in one shape.
//!
//! An operation that cannot be said in a trait is one of them. A part that cannot be read is a finding, and the
//! operation stays.

mod answer;
mod body;
mod operation;
mod parameter;
mod security;
mod version;

pub use answer::DocumentAnswer;
pub use body::Body;
pub use operation::{Operation, VERBS, security};
pub use parameter::{Parameter, SentIn, Style};
pub use security::{Scheme, schemes};
pub use version::Version;

use version::{servers, version};

use crate::read::{At, Documents};
use crate::report::{Finding, Rule};

/// The most operations of a document that are looked at.
const MAX_OPERATIONS: usize = 50_000;

/// A document's operations.
#[derive(Debug)]
pub struct Api<'d> {
    /// Its format.
    pub version: Version,
    /// The operations, in the order of the file.
    pub operations: Vec<Operation<'d>>,
    /// The servers of the document.
    pub servers: Vec<String>,
    /// Parts that could not be read.
    pub findings: Vec<Finding>,
}

/// The operations of a document. The error is a sentence, where it is no OpenAPI document.
pub fn api(documents: &Documents) -> Result<Api<'_>, String> {
    documents.begin();
    let root = At::root(documents);
    let version = version(&root)?;
    let mut findings = Vec::new();
    let servers = servers(&root, version);
    let context = operation::DocumentContext { root: root.clone(), version };
    let mut operations: Vec<Operation<'_>> = Vec::new();
    for (path, item) in root.get("paths").iter().flat_map(At::members) {
        if path.starts_with("x-") {
            continue;
        }
        let item = match item.resolved() {
            Ok(item) => item,
            Err(broken) => {
                findings.push(Finding::new(Rule::BrokenReference, &item, broken.0));
                continue;
            }
        };
        for verb in VERBS {
            if let Some(at) = item.get(verb).filter(|at| at.value.is_object() && operations.len() < MAX_OPERATIONS) {
                operations.push(operation::read(&context, path, verb, &item, &at));
            }
        }
    }
    operation::distinct(&mut operations);
    Ok(Api { version, operations, servers, findings })
}
