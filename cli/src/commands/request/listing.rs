//! The operations of an entry, as `--list` shows them.

use super::Format;
use crate::exit::Failure;
use keyway::operation::{described, parameters};
use keyway_spec::operation::OperationParameter;
use keyway_spec::{Operation, ProviderSpec};
use std::fmt::Write as _;

/// The listing of all operations, or of one.
pub(super) fn listing(spec: &ProviderSpec, only: Option<&Operation>, format: Format) -> Result<String, Failure> {
    let chosen: Vec<&Operation> = only.map_or_else(|| spec.operations.iter().collect(), |operation| vec![operation]);
    if chosen.is_empty() {
        let message = "its entry lists no operation, so call it by method and path; operations are written under \
                       `keyway.endpoints`";
        return Err(Failure::usage(format!("`{}`: {message}", spec.key)));
    }
    Ok(match format {
        Format::Json => {
            chosen.iter().map(|operation| described(operation).to_string()).collect::<Vec<_>>().join("\n") + "\n"
        }
        Format::Text => chosen.iter().map(|operation| in_text(operation)).collect::<Vec<_>>().join("\n"),
    })
}

/// The verb and path, what it is, and a line for each parameter.
fn in_text(operation: &Operation) -> String {
    let mut out = format!("{}  {} {}\n", operation.name, operation.verb.name().to_uppercase(), operation.path);
    for text in [operation.title, operation.docs].into_iter().flatten() {
        let _ = writeln!(out, "  {text}");
    }
    let parameters = parameters(operation);
    let width = parameters.iter().map(|parameter| parameter.name.chars().count()).max().unwrap_or(0).min(40);
    for parameter in &parameters {
        let _ = writeln!(out, "  {}", line(parameter, width).trim_end());
    }
    out
}

fn line(parameter: &OperationParameter, width: usize) -> String {
    let required = if parameter.required { "required" } else { "" };
    let values = match parameter.values {
        [] => String::new(),
        values => format!("one of {}. ", values.join(", ")),
    };
    let (place, kind) = (parameter.place.name(), parameter.kind.name());
    let description = parameter.description.unwrap_or_default();
    format!("{:width$}  {kind:<8}  {place:<5}  {required:<8}  {values}{description}", parameter.name)
}
