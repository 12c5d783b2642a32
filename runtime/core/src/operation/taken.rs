//! Given values to values of parameters: one of the right kind for each that was given.

use super::given::{GivenValue, GivenValues};
use super::problem::{MAX_PROBLEMS, ParameterFault, ParameterProblem, list};
use super::value::{self, Fault};
use keyway_format::suggest::nearest;
use keyway_spec::Operation;
use keyway_spec::operation::{OperationBody, OperationParameter, ParameterPlace, ValueKind};
use serde_json::Value;

/// A parameter with its value.
pub(super) type Taken<'p> = (&'p OperationParameter, Value);

/// The values of the parameters that were given, in the order of the parameters, and what is wrong with the others.
pub(super) fn taken<'p>(
    operation: &Operation,
    known: &'p [OperationParameter],
    GivenValues(mut given): GivenValues,
) -> (Vec<Taken<'p>>, Vec<ParameterProblem>) {
    let (mut taken, mut problems) = (Vec::new(), Vec::new());
    for parameter in known {
        let problem = |(fault, message): Fault| ParameterProblem::new(parameter.name, fault, message);
        let values = given.remove(parameter.name).unwrap_or_default();
        match one(parameter, values) {
            Ok(Some(value)) if is_sent(operation, parameter, &value) => match value::check(parameter, &value) {
                Ok(()) => taken.push((parameter, value)),
                // A member of a JSON body is cleared by `null`, whatever it is otherwise.
                Err(_) if value.is_null() && !parameter.required => taken.push((parameter, value)),
                Err(fault) => problems.push(problem(fault)),
            },
            Ok(_) if parameter.required => problems.push(problem(missing(parameter))),
            Ok(_) => {}
            Err(fault) => problems.push(problem(fault)),
        }
    }
    let unknown = given.keys().take(MAX_PROBLEMS).map(|name| self::unknown(operation, known, name));
    problems.extend(unknown);
    problems.truncate(MAX_PROBLEMS);
    (taken, problems)
}

/// False for a value that says nothing where it goes: `null`, which only a JSON body can say, and an empty list in a
/// query or a form.
fn is_sent(operation: &Operation, parameter: &OperationParameter, value: &Value) -> bool {
    let in_json = parameter.place == ParameterPlace::Body && operation.body == OperationBody::Json;
    let says_null = in_json && (!parameter.required || parameter.kind == ValueKind::Any);
    match value {
        Value::Null => says_null,
        Value::Array(items) => in_json || !items.is_empty(),
        _ => true,
    }
}

/// The one value; `None` where none was given. Texts of a list are its items.
fn one(parameter: &OperationParameter, values: Vec<GivenValue>) -> Result<Option<Value>, Fault> {
    let is_list = matches!(parameter.kind, ValueKind::Strings | ValueKind::Integers);
    let (mut whole, mut items) = (Vec::new(), Vec::new());
    for value in values {
        match value {
            GivenValue::Json(value) => whole.push(value),
            GivenValue::Text(text) if is_list => items.push(value::of_text(parameter.kind, text)?),
            GivenValue::Text(text) => whole.push(value::of_text(parameter.kind, text)?),
        }
    }
    if !items.is_empty() {
        whole.push(Value::Array(items));
    }
    if whole.len() > 1 {
        return Err((ParameterFault::Repeated, "is given more than once; it takes one value".to_owned()));
    }
    Ok(whole.pop())
}

fn missing(parameter: &OperationParameter) -> Fault {
    let place = match parameter.place {
        ParameterPlace::Path => "a part of the path",
        ParameterPlace::Query => "sent in the query",
        ParameterPlace::Body => "sent in the body",
    };
    (ParameterFault::Missing, format!("is missing: give {}, {place}", value::words(parameter.kind)))
}

fn unknown(operation: &Operation, known: &[OperationParameter], name: &str) -> ParameterProblem {
    let names = || known.iter().map(|parameter| parameter.name);
    let next = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "it takes none".to_owned(),
        None => format!("it takes {}", list(names())),
    };
    let message = format!("is no parameter of `{}`; {next}", operation.name);
    ParameterProblem::new(name, ParameterFault::Unknown, message)
}
