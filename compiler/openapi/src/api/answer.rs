//! The answers of an operation.

use super::version::Version;
use crate::read::At;
use crate::report::{Finding, Rule};

/// An answer of an operation.
#[derive(Clone, Debug)]
pub struct DocumentAnswer<'d> {
    /// `200`, `4XX` or `default`, as it is written.
    pub status: &'d str,
    /// The media types with their schemas, in the order of the file.
    pub media: Vec<(String, Option<At<'d>>)>,
    /// The names of its headers, in lower case.
    pub headers: Vec<String>,
    /// Where it stands.
    pub at: At<'d>,
}

impl DocumentAnswer<'_> {
    /// True for `200` to `299` and `2XX`.
    pub fn is_success(&self) -> bool {
        self.status.len() == 3 && self.status.starts_with('2')
    }

    /// True for `300` to `399`.
    pub fn is_redirect(&self) -> bool {
        self.status.len() == 3 && self.status.starts_with('3')
    }

    /// True for what says that a call failed.
    pub fn is_refusal(&self) -> bool {
        self.status.starts_with(['4', '5']) || self.status == "default"
    }
}

pub(super) fn read<'d>(
    root: &At<'d>,
    operation: &At<'d>,
    version: Version,
    findings: &mut Vec<Finding>,
) -> Vec<DocumentAnswer<'d>> {
    let mut answers = Vec::new();
    for (status, at) in operation.get("responses").iter().flat_map(At::members) {
        if status.starts_with("x-") {
            continue;
        }
        match at.resolved() {
            Ok(at) => {
                let headers = at.get("headers").map(|headers| headers.members()).unwrap_or_default();
                let headers = headers.into_iter().map(|(name, _)| name.to_lowercase()).collect();
                let media = match version {
                    Version::Two => of_swagger(root, operation, &at),
                    Version::Three => {
                        let content = at.get("content").iter().flat_map(At::members).collect::<Vec<_>>();
                        content.into_iter().map(|(media, at)| (media.to_owned(), at.get("schema"))).collect()
                    }
                };
                answers.push(DocumentAnswer { status, media, headers, at });
            }
            Err(broken) => findings.push(Finding::new(Rule::BrokenReference, &at, broken.0)),
        }
    }
    answers
}

fn of_swagger<'d>(root: &At<'d>, operation: &At<'d>, at: &At<'d>) -> Vec<(String, Option<At<'d>>)> {
    let Some(schema) = at.get("schema") else { return Vec::new() };
    let mut produces = operation.texts("produces");
    if produces.is_empty() {
        produces = root.texts("produces");
    }
    if produces.is_empty() {
        produces = vec!["application/json"];
    }
    produces.into_iter().map(|media| (media.to_owned(), Some(schema.clone()))).collect()
}
