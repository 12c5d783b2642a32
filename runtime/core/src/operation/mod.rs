//! A call of an operation that an entry vouches for (`keyway.endpoints`).
//!
//! ```text
//! Operation, GivenValues -> known -> taken -> written -> Call | every ParameterProblem
//! ```
//!
//! Values fill places and choose nothing: the verb, the path's own text, the headers and the host are the entry's. A
//! problem names its parameter and what to do, and never holds a value. All sizes are bounded: what a caller can send
//! is no program's own.

mod described;
mod find;
mod given;
mod known;
mod problem;
mod taken;
mod value;
mod written;

pub use described::{described, example};
pub use find::find;
pub use given::GivenValues;
pub use known::parameters;
pub use problem::{ParameterFault, ParameterProblem, summary};

use crate::call::Call;
use keyway_spec::Operation;
use serde_json::{Map, Value};

/// The call of an operation, or all that is wrong with the values.
///
/// `headers` are the caller's own, names in any case; they win over the operation's. `key` is the idempotency key of
/// the call, for an operation that has a header for one.
pub fn call(
    operation: &Operation,
    given: GivenValues,
    headers: Vec<(String, String)>,
    key: &str,
) -> Result<Call, Vec<ParameterProblem>> {
    let known = parameters(operation);
    let (taken, mut problems) = taken::taken(operation, &known, given);
    let call = written::written(operation, taken, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(with_headers(call, operation, headers, key))
}

/// The given values as JSON by name, those that fit their parameters: what a caller would send for them.
pub fn values(operation: &Operation, given: GivenValues) -> Map<String, Value> {
    let known = parameters(operation);
    let (taken, _) = taken::taken(operation, &known, given);
    taken.into_iter().map(|(parameter, value)| (parameter.name.to_owned(), value)).collect()
}

fn with_headers(mut call: Call, operation: &Operation, headers: Vec<(String, String)>, key: &str) -> Call {
    call.headers = headers;
    let constant = operation.headers.iter().copied();
    for (name, value) in constant.chain(operation.idempotency_key.map(|header| (header, key))) {
        if !call.headers.iter().any(|(own, _)| own.eq_ignore_ascii_case(name)) {
            call.headers.push((name.to_owned(), value.to_owned()));
        }
    }
    call.repeatable = operation.idempotency_key.is_some();
    call
}

#[cfg(test)]
mod tests;
