//! Where an operation is: the host, and the path with the names of arguments.

use super::parameters::is_single;
use super::{Argument, MethodContext, Taken, TraitMethod, site};
use crate::api::{Operation, Parameter, SentIn};
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
    // No host, whatever it looks like.
    let written = format!("{}{}", if written.starts_with('/') { "/" } else { "" }, written.trim_start_matches('/'));
    let no_path = || Err("a path that cannot be sent".to_owned());
    let (route, query) =
        written.split_once('?').map_or((written.as_str(), None), |(route, query)| (route, Some(query)));
    if !route.starts_with('/') || route.split('/').any(|part| matches!(part, "." | "..")) {
        return no_path();
    }
    let mut rest = route;
    while let Some((text, behind)) = rest.split_once('{') {
        let Some((name, after)) = behind.split_once('}') else { return no_path() };
        if !is_sendable(text) {
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
    if !is_sendable(rest) {
        return no_path();
    }
    made.path.push_str(rest);
    match query {
        Some(query) => constants(operation, query, shaper, scope, made),
        None => Ok(()),
    }
}

fn is_sendable(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '\\' | '{' | '}'))
}

/// The query of a path: constants stay, `name={value}` is a parameter.
fn constants<'d>(
    operation: &Operation<'d>,
    query: &str,
    shaper: &mut Shaper<'d>,
    scope: &mut HashSet<String>,
    made: &mut TraitMethod,
) -> Result<(), String> {
    let mut joint = '?';
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let value = pair.split_once('=').and_then(|(key, value)| {
            let name = value.strip_prefix('{')?.strip_suffix('}')?;
            (is_sendable(key) && !key.is_empty() && !key.contains('"')).then_some((key, name))
        });
        if let Some((key, name)) = value {
            let is_own = |one: &&Parameter<'d>| one.name == name || one.name == key;
            let declared: Vec<&Parameter<'d>> = operation.parameters.iter().filter(is_own).collect();
            if declared.iter().any(|one| one.place == SentIn::Query) {
                continue; // It is taken with the others.
            }
            let hint = format!("{}{}", camel(&operation.id), camel(key));
            let schema = declared.first().and_then(|one| one.schema.as_ref());
            let is = schema.map_or(Type::Text, |at| shaper.shape(at, site(&hint)).bare().clone());
            let is = if is_single(&is, shaper) { is } else { Type::Text };
            let argument = distinct(scope, &escape(&snake(key)));
            made.arguments.push(Argument {
                attribute: format!("query({key:?})"),
                name: argument,
                is: Taken::Value(is),
            });
        } else if is_sendable(pair) {
            let _ = write!(made.path, "{joint}{pair}");
            joint = '&';
        } else {
            return Err("a path that cannot be sent".to_owned());
        }
    }
    Ok(())
}
