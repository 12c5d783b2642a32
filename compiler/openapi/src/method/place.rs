//! Where an operation is: the host, and the path with the names of arguments.

use super::{Argument, MethodContext, Taken, TraitMethod, site};
use crate::api::{Operation, SentIn};
use crate::entry::split;
use crate::report::{Finding, Rule};
use crate::shape::{ItemKind, Shaper, Type, distinct};
use keyway_compiler::lower::names::{camel, escape, snake};
use std::collections::HashSet;
use std::fmt::Write as _;

/// The text before the path, and the host where it is another than the document's.
pub(super) fn way(operation: &Operation<'_>, context: &MethodContext<'_>) -> Result<(String, Option<String>), String> {
    if operation.servers.is_empty() {
        return Ok((context.way.prefix.clone(), None));
    }
    let own = context.entry.way(&operation.servers);
    if own.host.is_none() || own.host == context.way.host {
        return Ok((own.prefix, None));
    }
    let host = own.host.unwrap_or_default();
    if !context.entry.has_host(&host) {
        return Err("a server that is no host of the entry".to_owned());
    }
    let server = operation.servers.iter().find(|url| split(url).0.as_deref() == Some(&host));
    let path = server.map(|url| split(url).1).unwrap_or_default();
    Ok((path.trim_end_matches('/').to_owned(), Some(host)))
}

/// The path with the names of arguments in its placeholders.
pub(super) fn path<'d>(
    operation: &Operation<'d>,
    prefix: &str,
    shaper: &mut Shaper<'d>,
    scope: &mut HashSet<String>,
    made: &mut TraitMethod,
) -> Result<(), String> {
    let written = operation.path.split('#').next().unwrap_or_default();
    let written = format!("{prefix}{written}");
    let no_path = || Err("a path that cannot be sent".to_owned());
    let is_sendable = written.starts_with('/')
        && written.chars().all(|c| c.is_ascii_graphic() && c != '\\')
        && !written.split(['/', '?']).any(|part| matches!(part, "." | ".."));
    if !is_sendable || written.contains("//") {
        return no_path();
    }
    let mut rest = written.as_str();
    while let Some((text, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { return no_path() };
        if text.contains(['}', '?']) {
            return no_path();
        }
        let wire = name.trim_start_matches('+').trim_end_matches('*');
        let declared = operation.parameters.iter().find(|one| one.place == SentIn::Path && one.name == wire);
        let argument = distinct(scope, &escape(&snake(wire)));
        let schema = declared.and_then(|one| one.schema.as_ref());
        let hint = format!("{}{}", camel(&operation.id), camel(wire));
        let is = schema.map(|at| shaper.shape(at, site(&hint)));
        if declared.is_none() {
            let message = format!("`{{{name}}}` is no parameter of the operation");
            made.findings.push(Finding::new(Rule::UndeclaredPlaceholder, &operation.at, message));
        }
        let is = match is.map(|is| is.bare().clone()) {
            Some(Type::Integer) => Taken::Value(Type::Integer),
            Some(Type::Named(item)) if matches!(shaper.items[item].kind, ItemKind::Choice(..)) => {
                Taken::Value(Type::Named(item))
            }
            _ => Taken::Value(Type::Text),
        };
        let star = if declared.is_some_and(|one| one.keeps_slashes) { "*" } else { "" };
        let _ = write!(made.path, "{text}{{{argument}{star}}}");
        made.arguments.push(Argument { attribute: String::new(), name: argument, is });
        rest = after;
    }
    if rest.contains('}') {
        return no_path();
    }
    made.path.push_str(rest);
    Ok(())
}
