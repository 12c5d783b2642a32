//! Values of parameters as a call: path, query and body.

use super::problem::{ParameterFault, ParameterProblem};
use super::taken::Taken;
use crate::call::{Call, CallBody};
use crate::template::position::has_dot_segment;
use crate::values::{self, Misfit};
use http::Method;
use keyway_format::endpoint_path::{self, PathPiece};
use keyway_spec::Operation;
use keyway_spec::operation::{ListStyle, OperationBody, OperationParameter, ParameterPlace, Verb};
use serde_json::{Map, Value};

/// The most bytes of path and query together: what a request to `/proxy` may have in its header.
const MAX_TARGET: usize = 32 * 1024;

/// The most bytes of a form, before its values are encoded. Names of values inside values grow with their depth.
const MAX_FORM: usize = 4 * 1024 * 1024;

/// The call of values that fit their parameters. What does not fit its place is added to the problems.
pub(super) fn written(operation: &Operation, taken: Vec<Taken<'_>>, problems: &mut Vec<ParameterProblem>) -> Call {
    let mut call = Call::new(method(operation.verb), "").refuse_other_hosts(true).endpoint_template(operation.path);
    let (in_path, rest): (Vec<_>, Vec<_>) = taken.into_iter().partition(|(one, _)| one.place == ParameterPlace::Path);
    let (in_query, in_body): (Vec<_>, Vec<_>) =
        rest.into_iter().partition(|(one, _)| one.place == ParameterPlace::Query);
    call.endpoint = path(operation, &in_path, problems);
    for (parameter, value) in in_query {
        query(&mut call, parameter, value, problems);
    }
    call.body = body(operation, in_body, problems);
    call
}

fn method(verb: Verb) -> Method {
    match verb {
        Verb::Get => Method::GET,
        Verb::Head => Method::HEAD,
        Verb::Post => Method::POST,
        Verb::Put => Method::PUT,
        Verb::Patch => Method::PATCH,
        Verb::Delete => Method::DELETE,
    }
}

/// The path; it begins with a slash, so that nothing in it is read as a host.
fn path(operation: &Operation, taken: &[Taken<'_>], problems: &mut Vec<ParameterProblem>) -> String {
    let mut path = if operation.path.starts_with('/') { String::new() } else { "/".to_owned() };
    let mut last = None;
    // The compiler refuses what is no path, so such a one is text here.
    let pieces = endpoint_path::parse(operation.path);
    for (_, piece) in pieces.unwrap_or_else(|_| vec![(0..0, PathPiece::Text(operation.path))]) {
        let (name, is_list) = match piece {
            PathPiece::Text(text) => {
                path.push_str(text);
                continue;
            }
            PathPiece::Value(name) => (name, false),
            PathPiece::Rest(name) => (name, true),
        };
        // One that is not there was told already.
        let Some((parameter, value)) = taken.iter().find(|(parameter, _)| parameter.name == name) else { continue };
        let written = if is_list { values::segments(value.clone()) } else { segment(value) };
        match written {
            Ok(text) => path.push_str(&text),
            Err(misfit) => problems.push(problem(parameter, ParameterFault::Path, misfit)),
        }
        last = Some(*parameter);
        check_size(path.len(), parameter, problems);
    }
    // Values that are harmless one by one may make such a segment together.
    if let Some(parameter) = last.filter(|_| problems.is_empty() && has_dot_segment(&path)) {
        problems.push(problem(parameter, ParameterFault::Path, "must not make a `.` or `..` of its segment".into()));
    }
    path
}

fn segment(value: &Value) -> Result<String, Misfit> {
    let text = values::scalar(value.clone()).ok_or("must be a text, a number or a bool: it is a part of the path")?;
    values::segment(&text).map(std::borrow::Cow::into_owned)
}

fn query(call: &mut Call, parameter: &OperationParameter, value: Value, problems: &mut Vec<ParameterProblem>) {
    if !check_size(weight(parameter.name.len(), &value), parameter, problems) {
        return;
    }
    match values::styled(parameter.name, Some(parameter.name), parameter.style, value) {
        Ok(written) => values::add_to_query(call, written),
        Err(misfit) => problems.push(problem(parameter, ParameterFault::Kind, misfit)),
    }
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).map(str::len).sum::<usize>();
    let pairs: usize = call.query.iter().map(|(name, value)| encoded(name) + encoded(value) + 2).sum();
    check_size(call.endpoint.len() + pairs, parameter, problems);
}

/// True if so many bytes are not too many; else the problem is told, once.
fn check_size(bytes: usize, parameter: &OperationParameter, problems: &mut Vec<ParameterProblem>) -> bool {
    let fits = bytes <= MAX_TARGET;
    if !fits && problems.iter().all(|problem| problem.fault != ParameterFault::Size) {
        let message = format!("makes path and query longer than {MAX_TARGET} bytes: send less");
        problems.push(ParameterProblem::new(parameter.name, ParameterFault::Size, message));
    }
    fits
}

fn body(operation: &Operation, taken: Vec<Taken<'_>>, problems: &mut Vec<ParameterProblem>) -> CallBody {
    // Where nothing is said, a method whose meaning is its body still has one.
    let is_wanted = matches!(operation.verb, Verb::Post | Verb::Put | Verb::Patch);
    match operation.body {
        _ if taken.is_empty() && !is_wanted => CallBody::Empty,
        OperationBody::None if taken.is_empty() => CallBody::Empty,
        OperationBody::None | OperationBody::Json => {
            let members = taken.into_iter().map(|(parameter, value)| (parameter.name.to_owned(), value));
            CallBody::Json(Value::Object(members.collect()))
        }
        OperationBody::Form => {
            let (mut pairs, mut size) = (Vec::new(), 0);
            for (parameter, value) in taken {
                size += weight(parameter.name.len(), &value);
                if size > MAX_FORM {
                    let message = format!("makes the form longer than {MAX_FORM} bytes: send less");
                    problems.push(ParameterProblem::new(parameter.name, ParameterFault::Size, message));
                    break;
                }
                pairs.extend(form(parameter, value));
            }
            CallBody::Form(pairs)
        }
    }
}

/// The pairs of one value. A separator between values is a part of the text, which a form encodes whole.
fn form(parameter: &OperationParameter, value: Value) -> Vec<(String, String)> {
    let separator = match parameter.style {
        ListStyle::Comma => Some(","),
        ListStyle::Space => Some(" "),
        ListStyle::Pipe => Some("|"),
        ListStyle::Repeat | ListStyle::Brackets | ListStyle::Indices | ListStyle::DeepObject => None,
    };
    let texts = match (&value, separator) {
        (Value::Array(items), Some(_)) => items.iter().cloned().map(values::scalar).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    if let (Some(texts), Some(separator)) = (texts, separator) {
        return vec![(parameter.name.to_owned(), texts.join(separator))];
    }
    let style = match parameter.style {
        // Repeats the name of a list, and names what is inside a value.
        ListStyle::Repeat | ListStyle::Comma | ListStyle::Space | ListStyle::Pipe => ListStyle::DeepObject,
        style => style,
    };
    values::pairs_of_members(Map::from_iter([(parameter.name.to_owned(), value)]), style)
}

/// The fewest bytes of a value as names and texts, counted before any is made: names repeat what is around them.
fn weight(name: usize, value: &Value) -> usize {
    let sum = |total: usize, one: usize| total.saturating_add(one);
    match value {
        Value::Null => 0,
        Value::Bool(_) | Value::Number(_) => name + 4,
        Value::String(text) => name + text.len() + 2,
        Value::Array(items) => items.iter().map(|item| weight(name + 2, item)).fold(0, sum),
        Value::Object(members) => {
            members.iter().map(|(member, value)| weight(name + member.len() + 2, value)).fold(0, sum)
        }
    }
}

fn problem(parameter: &OperationParameter, fault: ParameterFault, misfit: Misfit) -> ParameterProblem {
    let message = match misfit.member {
        Some(member) => format!("has a member `{}` that {}", super::problem::shown(&member), misfit.reason),
        None => misfit.reason.to_owned(),
    };
    ParameterProblem::new(parameter.name, fault, message)
}
