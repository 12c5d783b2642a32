//! The routes as `GET /docs` shows them.

use super::all::ALL;
use super::command::curl;
use super::members::{BodySide, DocsMember, bounds, kind, members};
use super::operation::{Access, ApiOperation, JSON, RefusedAs};
use super::parameter::{ApiParameter, ParameterPlace, word};
use super::prose::Prose;
use askama::Template;
use serde_json::Value;
use std::collections::BTreeMap;

/// The part of the page that is the same wherever it is shown. Rendering into memory does not fail.
pub(super) fn routes(document: &Value) -> String {
    DocsRoutes::new(document).render().unwrap_or_default()
}

#[derive(Template)]
#[template(path = "routes.html")]
struct DocsRoutes {
    groups: Vec<DocsGroup>,
}

/// The operations under one heading.
struct DocsGroup {
    name: &'static str,
    operations: Vec<DocsOperation>,
}

/// An operation, as `operation.html` shows it.
struct DocsOperation {
    id: &'static str,
    method: String,
    path: &'static str,
    summary: Prose,
    description: Prose,
    proof: &'static str,
    parameters: Vec<DocsParameter>,
    body: Vec<DocsMember>,
    answers: Vec<DocsAnswer>,
    refused_as: &'static str,
    refusals: Vec<(u16, Vec<&'static str>)>,
    curl: String,
}

struct DocsParameter {
    name: String,
    place: &'static str,
    kind: String,
    is_required: bool,
    about: Prose,
}

struct DocsAnswer {
    status: String,
    media: String,
    about: Prose,
    headers: Vec<&'static str>,
    members: Vec<DocsMember>,
}

impl DocsRoutes {
    fn new(document: &Value) -> DocsRoutes {
        let mut groups: Vec<DocsGroup> = Vec::new();
        for operation in ALL {
            let shown = DocsOperation::new(document, operation);
            match groups.iter_mut().find(|group| group.name == operation.group) {
                Some(group) => group.operations.push(shown),
                None => groups.push(DocsGroup { name: operation.group, operations: vec![shown] }),
            }
        }
        DocsRoutes { groups }
    }
}

impl DocsOperation {
    fn new(document: &Value, operation: &ApiOperation) -> DocsOperation {
        let method = operation.method.as_str();
        let found = document.get("paths").and_then(|paths| paths.get(operation.path)?.get(method.to_ascii_lowercase()));
        let found = found.unwrap_or(&Value::Null);
        let schema_of = |at: Option<&Value>, side| {
            let schema = at.and_then(|at| at.get("content")?.get(JSON)?.get("schema"));
            schema.map_or_else(Vec::new, |schema| members(document, schema, side))
        };
        let answers = operation.answers.iter().map(|answer| {
            let status = answer.status.to_string();
            DocsAnswer {
                members: schema_of(found.get("responses").and_then(|all| all.get(&status)), BodySide::Answer),
                status: if operation.refusals == RefusedAs::Proxied { "any".to_owned() } else { status },
                media: answer.media.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
                about: Prose::new(answer.description),
                headers: answer.headers.iter().map(|(name, _)| *name).collect(),
            }
        });
        let mut refusals: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
        for (status, code) in operation.errors.iter().copied().flatten() {
            let codes = refusals.entry(*status).or_default();
            if !codes.contains(code) {
                codes.push(code);
            }
        }
        DocsOperation {
            id: operation.id,
            method: method.to_owned(),
            path: operation.path,
            summary: Prose::new(operation.summary),
            description: Prose::new(operation.description),
            proof: match operation.access {
                Access::Key => "Wants the API key.",
                Access::Person => "Wants the API key, which may be the password that a browser asks for.",
                Access::Open => "No API key.",
            },
            parameters: operation.parameters.iter().map(|one| shown_parameter(document, one)).collect(),
            body: schema_of(found.get("requestBody"), BodySide::Request),
            answers: answers.collect(),
            refused_as: match operation.refusals {
                RefusedAs::Json => "As JSON.",
                RefusedAs::Page => "As a page.",
                RefusedAs::Either => "As a page to a form, as JSON to anything else.",
                RefusedAs::Proxied => "As JSON, with the header keyway-error, which no upstream's answer has.",
            },
            refusals: refusals.into_iter().collect(),
            curl: curl(operation),
        }
    }
}

fn shown_parameter(document: &Value, parameter: &ApiParameter) -> DocsParameter {
    let schema = (parameter.schema)();
    let said = schema.as_object().map_or_else(String::new, bounds);
    let is_members = parameter.place == ParameterPlace::QueryMembers;
    DocsParameter {
        name: if is_members { format!("{}[<name>]", parameter.name) } else { parameter.name.to_owned() },
        place: word(parameter.place),
        kind: if is_members { "string".to_owned() } else { kind(document, &schema) },
        is_required: parameter.required,
        about: Prose::new(&[parameter.description, &said].join(" ")),
    }
}
