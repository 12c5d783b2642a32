//! Members of the body.

use super::kind::kind;
use super::naming::sentence;
use super::parameters::is_free;
use super::{EndpointDraft, ParameterDraft};
use crate::api::{Body, Operation};
use crate::method::essence;
use crate::read::At;
use crate::report::{Finding, Rule};
use crate::shape::{peel, view};
use keyway_spec::operation::ValueKind;

/// The body: an object as JSON, or a form. The error is why the operation cannot be called with what can be said.
pub(super) fn body(
    operation: &Operation<'_>,
    draft: &mut EndpointDraft,
    findings: &mut Vec<Finding>,
) -> Result<(), String> {
    let Some(body) = &operation.body else { return Ok(()) };
    let is_required = body.at.flag("required") || matches!(operation.verb, "post" | "put" | "patch");
    let left_out = |reason: &str, findings: &mut Vec<Finding>| {
        if is_required {
            return Err(reason.to_owned());
        }
        findings.push(Finding::new(Rule::NotInEntry, &body.at, reason));
        Ok(())
    };
    if matches!(operation.verb, "get" | "head") {
        findings.push(Finding::new(Rule::NotInEntry, &body.at, "a body of a read"));
        return Ok(());
    }
    let find = |is: &dyn Fn(&str) -> bool| body.media.iter().find(|(media, _)| is(&essence(media)));
    let json = find(&|media| media == "application/json" || media == "*/*")
        .or_else(|| find(&|media| media.ends_with("+json")));
    let form = find(&|media| media == "application/x-www-form-urlencoded");
    let (media, schema) = match (json, form) {
        (Some(json), _) => json,
        (None, Some(form)) => {
            draft.is_form = true;
            form
        }
        (None, None) if find(&|media| media.starts_with("multipart/")).is_some() => {
            return left_out("a body of several parts", findings);
        }
        (None, None) => return left_out("a body that is neither JSON nor a form", findings),
    };
    let fields = match schema {
        Some(at) => members(at, findings),
        None => fields_of_form(body),
    };
    if fields.is_empty() && schema.as_ref().is_some_and(|at| !is_empty_object(at)) {
        return left_out("a body whose members are not named", findings);
    }
    if essence(media).ends_with("+json") {
        draft.headers.push(("content-type".to_owned(), essence(media)));
    }
    for (name, at, is_required) in fields {
        if !is_free(name, draft) {
            let message = format!("the member `{name}` of the body, which is also a parameter");
            if is_required {
                return Err(message);
            }
            findings.push(Finding::new(Rule::ParameterLeftOut, &at, message));
            continue;
        }
        draft.body.push(member(name, &at, is_required, draft.is_form));
    }
    if draft.body.is_empty() {
        draft.is_form = false;
    }
    Ok(())
}

/// A member with its name; true where it has to be there.
type Member<'d> = (&'d str, At<'d>, bool);

fn member(name: &str, at: &At<'_>, is_required: bool, is_form: bool) -> ParameterDraft {
    let kind = kind(at);
    let nests = matches!(kind.is, ValueKind::Strings | ValueKind::Integers | ValueKind::Any);
    // Vendors that take forms with lists or objects in them read brackets.
    let style = Some("brackets").filter(|_| is_form && nests);
    let description = at.resolved().ok().and_then(|at| at.text("description")).and_then(sentence);
    ParameterDraft { name: name.to_owned(), kind, style, is_required, description }
}

/// The members of an object. Those of variants are not required: another variant does without.
fn members<'d>(at: &At<'d>, findings: &mut Vec<Finding>) -> Vec<Member<'d>> {
    let Ok((at, _)) = peel(at) else { return Vec::new() };
    let whole = view(&at);
    let mut members: Vec<Member<'d>> =
        whole.properties.iter().map(|(name, at)| (*name, at.clone(), whole.required.contains(name))).collect();
    if !whole.variants.is_empty() {
        findings.push(Finding::new(Rule::MergedVariants, &at, "the body has several shapes"));
    }
    for variant in &whole.variants {
        let Ok((variant, _)) = peel(variant) else { continue };
        for (name, at) in view(&variant).properties {
            if members.iter().all(|(other, ..)| *other != name) {
                members.push((name, at, false));
            }
        }
    }
    members.retain(|(_, at, is_required)| {
        at.resolved().is_ok_and(|at| !at.flag("readOnly") && (*is_required || !at.flag("deprecated")))
    });
    members
}

/// Swagger 2.0: the fields of a form are parameters.
fn fields_of_form<'d>(body: &Body<'d>) -> Vec<Member<'d>> {
    body.form.iter().filter_map(|at| Some((at.text("name")?, at.clone(), at.flag("required")))).collect()
}

fn is_empty_object(at: &At<'_>) -> bool {
    peel(at).is_ok_and(|(at, _)| {
        let view = view(&at);
        view.is_object() && view.properties.is_empty() && view.additional.is_none()
    })
}
