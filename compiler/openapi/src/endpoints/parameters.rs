//! Parameters of the path, the query and headers.

use super::kind::{DraftKind, kind};
use super::naming::{distinct, placeholder, sentence};
use super::{EndpointDraft, ParameterDraft};
use crate::api::{Operation, Parameter, SentIn, Style};
use crate::entry::TargetEntry;
use crate::report::{Finding, Rule};
use crate::shape::{peel, view};
use keyway_format::endpoint_path;
use keyway_spec::operation::ValueKind;
use serde_json::Value;
use std::collections::HashSet;
use std::fmt::Write as _;

/// The path with its placeholders, and what there is to say of them.
pub(super) fn path(
    operation: &Operation<'_>,
    prefix: &str,
    draft: &mut EndpointDraft,
    findings: &mut Vec<Finding>,
) -> Result<(), String> {
    let no_path = || "a path that cannot be sent".to_owned();
    let written = format!("{prefix}{}", operation.path.split('#').next().unwrap_or_default());
    let (mut names, mut rest) = (HashSet::new(), written.as_str());
    while let Some((text, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}').ok_or_else(no_path)?;
        let wire = name.trim_start_matches('+').trim_end_matches('*');
        let declared = operation.parameters.iter().find(|one| one.place == SentIn::Path && one.name == wire);
        if declared.is_none() {
            let message = format!("`{{{name}}}` is no parameter of the operation");
            findings.push(Finding::new(Rule::UndeclaredPlaceholder, &operation.at, message));
        }
        let own = distinct(&mut names, &placeholder(wire));
        let star = if declared.is_some_and(|one| one.keeps_slashes) { "*" } else { "" };
        let _ = write!(draft.path, "{text}{{{own}{star}}}");
        draft.path_parameters.extend(declared.map(|one| in_path(one, own)));
        rest = after;
    }
    draft.path.push_str(rest);
    endpoint_path::parse(&draft.path).map(drop).map_err(|_| no_path())
}

fn in_path(one: &Parameter<'_>, name: String) -> ParameterDraft {
    let kind = one.schema.as_ref().map_or(DraftKind::of(ValueKind::String), kind);
    let is_one = !matches!(kind.is, ValueKind::Strings | ValueKind::Integers | ValueKind::Any);
    let kind = if is_one { kind } else { DraftKind::of(ValueKind::String) };
    ParameterDraft { name, kind, style: None, is_required: false, description: description(one) }
}

/// The query and headers.
pub(super) fn others(
    operation: &Operation<'_>,
    entry: &TargetEntry,
    set_by_pages: &[String],
    draft: &mut EndpointDraft,
    findings: &mut Vec<Finding>,
) -> Result<(), String> {
    let others = operation.parameters.iter().filter(|one| one.place != SentIn::Path);
    for one in others.filter(|one| one.is_required || !one.at.flag("deprecated")) {
        match one.place {
            SentIn::Query if entry.asks(one.name) || set_by_pages.iter().any(|set| set == one.name) => continue,
            SentIn::Header if is_ours(one.name, entry) => continue,
            SentIn::Header if one.name.to_ascii_lowercase().ends_with("idempotency-key") => {
                draft.idempotency_key = Some(one.name.to_ascii_lowercase());
                continue;
            }
            SentIn::Query if one.style != Style::Content && is_free(one.name, draft) => {
                draft.query.push(in_query(one));
                continue;
            }
            _ => {}
        }
        if let Some(constant) = constant(one) {
            draft.headers.push((one.name.to_ascii_lowercase(), constant));
        } else if one.is_required {
            return Err(match one.place {
                SentIn::Cookie => "a required cookie".to_owned(),
                SentIn::Header => format!("the required header `{}`", one.name),
                _ => format!("the required parameter `{}`", one.name),
            });
        } else {
            let message = format!("the parameter `{}`", one.name);
            findings.push(Finding::new(Rule::ParameterLeftOut, &one.at, message));
        }
    }
    Ok(())
}

/// True for headers that the runtime or the entry sets.
fn is_ours(name: &str, entry: &TargetEntry) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(lower.as_str(), "accept" | "content-type" | "authorization") || entry.sends(&lower)
}

/// True for a name that can be given: one that no placeholder has, and that can be read.
pub(super) fn is_free(name: &str, draft: &EndpointDraft) -> bool {
    let taken = draft.path_parameters.iter().chain(&draft.query).chain(&draft.body).any(|other| other.name == name);
    !taken && !name.is_empty() && !name.chars().any(char::is_control)
}

/// The one value that a required header can have.
fn constant(one: &Parameter<'_>) -> Option<String> {
    let (at, _) = one.schema.as_ref().filter(|_| one.place == SentIn::Header && one.is_required).map(peel)?.ok()?;
    let is_header = one.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    match view(&at).values.as_deref() {
        Some([Value::String(only)]) if is_header && only.chars().all(|c| c == ' ' || c.is_ascii_graphic()) => {
            Some(only.clone())
        }
        _ => None,
    }
}

fn in_query(one: &Parameter<'_>) -> ParameterDraft {
    let kind = one.schema.as_ref().map_or(DraftKind::of(ValueKind::String), kind);
    let is_list = matches!(kind.is, ValueKind::Strings | ValueKind::Integers);
    let style = match (one.style, kind.is) {
        (Style::Comma, _) if is_list => Some("comma"),
        (Style::Space, _) if is_list => Some("space"),
        (Style::Pipe, _) if is_list => Some("pipe"),
        (Style::DeepObject, ValueKind::Any) => Some("deep_object"),
        // An object, or a list of objects: the usual way of vendors that have such.
        (_, ValueKind::Any) => Some("brackets"),
        (Style::DeepObject, _) if is_list => Some("brackets"),
        _ => None,
    };
    let (name, is_required) = (one.name.to_owned(), one.is_required);
    ParameterDraft { name, kind, style, is_required, description: description(one) }
}

fn description(one: &Parameter<'_>) -> Option<String> {
    one.at.text("description").and_then(sentence)
}
