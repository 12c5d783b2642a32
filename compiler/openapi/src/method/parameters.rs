//! Parameters of the query and in headers as arguments.

use super::{Argument, Taken, TraitMethod, site};
use crate::api::{Operation, Parameter, SentIn, Style};
use crate::entry::TargetEntry;
use crate::report::{Finding, Rule};
use crate::shape::{ItemKind, Shaper, StructField, Type, about, distinct};
use keyway_compiler::lower::names::{camel, escape, snake};
use std::collections::HashSet;

/// Optional parameters that a method takes one by one; more of them are a struct.
const MAX_SINGLE: usize = 2;

/// Headers and the query.
pub(super) fn parameters<'d>(
    operation: &Operation<'d>,
    entry: &TargetEntry,
    base: &str,
    set_by_pages: &[String],
    shaper: &mut Shaper<'d>,
    scope: &mut HashSet<String>,
    made: &mut TraitMethod,
) -> Result<(), String> {
    let mut optional: Vec<(&Parameter<'d>, Type)> = Vec::new();
    for one in &operation.parameters {
        let lower = one.name.to_ascii_lowercase();
        match one.place {
            SentIn::Path => continue,
            SentIn::Query if entry.asks(one.name) || set_by_pages.iter().any(|set| set == one.name) => continue,
            SentIn::Header if matches!(lower.as_str(), "accept" | "content-type" | "authorization") => continue,
            SentIn::Header if entry.sends(&lower) => continue,
            SentIn::Header if lower.ends_with("idempotency-key") => {
                made.attributes.push(("idempotent", vec![format!("{lower:?}")]));
                made.evidence.push(format!("the header `{}` makes it safe to send again", one.name));
                continue;
            }
            _ => {}
        }
        let unsent = one.place == SentIn::Cookie
            || (one.style == Style::Content && !one.is_required)
            || (one.place == SentIn::Header && !is_header(&lower))
            || one.name.is_empty();
        if unsent {
            if one.is_required {
                return Err(match one.place {
                    SentIn::Cookie => "a required cookie".to_owned(),
                    _ => "a required parameter without a name that can be sent".to_owned(),
                });
            }
            let message = format!("the parameter `{}`", one.name);
            made.findings.push(Finding::new(Rule::ParameterLeftOut, &one.at, message));
            continue;
        }
        let hint = format!("{base}{}", camel(one.name));
        let is = one.schema.as_ref().map_or(Type::Text, |at| shaper.shape(at, site(&hint)));
        let is = is.bare().clone();
        if one.style == Style::Content {
            let message = format!("the parameter `{}` is a document, taken as its text", one.name);
            made.findings.push(Finding::new(Rule::DocumentAsText, &one.at, message));
        }
        if one.place == SentIn::Query && !one.is_required && joins_struct(one, &is, shaper) {
            optional.push((one, is));
        } else {
            made.arguments.push(single(one, is, scope, shaper));
        }
    }
    if optional.len() <= MAX_SINGLE {
        made.arguments.extend(optional.into_iter().map(|(one, is)| single(one, is, scope, shaper)));
        return Ok(());
    }
    let (mut names, mut fields) = (HashSet::new(), Vec::new());
    for (one, is) in optional {
        fields.push(StructField {
            wire: one.name.to_owned(),
            name: distinct(&mut names, &escape(&snake(one.name))),
            is,
            is_plain: false,
            is_boxed: false,
            is_required: false,
            date: None,
            about: one.at.text("description").and_then(about),
        });
    }
    let is = shaper.add(&format!("{base}Query"), fields);
    made.arguments.push(Argument {
        attribute: "query".to_owned(),
        name: distinct(scope, "query"),
        is: Taken::Value(is),
    });
    Ok(())
}

/// A token (RFC 9110 section 5.6.2).
fn is_header(name: &str) -> bool {
    let is_sign = |byte: u8| b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || is_sign(byte))
}

/// True for what a struct of parameters can hold: single values, and lists that are repeated.
fn joins_struct(one: &Parameter<'_>, is: &Type, shaper: &Shaper<'_>) -> bool {
    match is {
        Type::List(of) => one.style == Style::Repeat && is_single(of, shaper),
        other => is_single(other, shaper),
    }
}

pub(super) fn is_single(is: &Type, shaper: &Shaper<'_>) -> bool {
    match is {
        Type::Bool | Type::Integer | Type::Number | Type::Text => true,
        Type::Named(item) => matches!(shaper.items[*item].kind, ItemKind::Choice(..)),
        _ => false,
    }
}

/// A parameter as an argument of its own.
fn single(one: &Parameter<'_>, is: Type, scope: &mut HashSet<String>, shaper: &Shaper<'_>) -> Argument {
    let name = distinct(scope, &escape(&snake(one.name)));
    let kind = if one.place == SentIn::Header { "header" } else { "query" };
    let is = if one.place == SentIn::Header && !is_single(&is, shaper) { Type::Text } else { is };
    let style = match (&is, one.style) {
        _ if one.place == SentIn::Header || is_single(&is, shaper) => "",
        (Type::List(_), Style::DeepObject) => "brackets",
        (_, Style::DeepObject) => "deep_object",
        (Type::List(_), Style::Comma) => "comma",
        (Type::List(_), Style::Space) => "space",
        (Type::List(_), Style::Pipe) => "pipe",
        (Type::List(of), _) if is_single(of, shaper) => "",
        // An object that is no struct, or a list of objects: the usual way of vendors that have such.
        _ => "brackets",
    };
    let attribute = match (kind, style, one.place) {
        ("query", "", _) if name == one.name => "query".to_owned(),
        (kind, "", SentIn::Header) => format!("{kind}({:?})", one.name.to_ascii_lowercase()),
        (kind, "", _) => format!("{kind}({:?})", one.name),
        (kind, style, _) => format!("{kind}({:?}, style = {style:?})", one.name),
    };
    let is = if one.is_required { is } else { Type::Optional(Box::new(is)) };
    Argument { attribute, name, is: Taken::Value(is) }
}
