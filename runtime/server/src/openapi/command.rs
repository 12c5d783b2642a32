//! A line of a shell for each operation.

use super::operation::{Access, ApiOperation, FORM};
use super::parameter::ParameterPlace;
use crate::pages::quoted;
use http::Method;
use serde_json::Value;

/// A command that calls the operation, complete but for the values.
pub(super) fn curl(operation: &ApiOperation) -> String {
    let (mut path, mut query, mut words) = (operation.path.to_owned(), Vec::new(), Vec::new());
    if operation.access != Access::Open {
        words.push("-H \"Authorization: Bearer $KEYWAY_API_KEY\"".to_owned());
    }
    for parameter in operation.parameters.iter().filter(|parameter| parameter.required) {
        let example = if parameter.example.is_empty() { "..." } else { parameter.example };
        match parameter.place {
            ParameterPlace::Path => path = path.replace(&format!("{{{}}}", parameter.name), example),
            ParameterPlace::Query | ParameterPlace::QueryMembers => query.push(format!("{}={example}", parameter.name)),
            ParameterPlace::Header => words.push(format!("-H {}", quoted(&format!("{}: {example}", parameter.name)))),
        }
    }
    let example = operation.body.as_ref().and_then(|body| body.examples.first());
    let example = example.and_then(|example| serde_json::from_str::<Value>(example).ok());
    let is_plain = operation.method == Method::GET || (operation.method == Method::POST && example.is_some());
    if operation.method == Method::HEAD {
        words.insert(0, "--head".to_owned());
    } else if !is_plain {
        words.insert(0, format!("-X {}", operation.method));
    }
    // `curl` says that a body is a form, which most routes do not look at, and these answer with a page.
    if operation.body.as_ref().is_some_and(|body| body.media.iter().any(|(name, _)| *name == FORM)) {
        words.push("-H 'Content-Type: application/json'".to_owned());
    }
    words.extend(example.map(|example| format!("-d {}", quoted(&example.to_string()))));
    let mark = if query.is_empty() { "" } else { "?" };
    let url = format!("curl \"$KEYWAY{path}{mark}{}\"", query.join("&"));
    [url].into_iter().chain(words).collect::<Vec<_>>().join(" \\\n  ")
}
