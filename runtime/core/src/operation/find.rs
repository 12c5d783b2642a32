//! An operation by its name.

use super::problem::{list, shown};
use keyway_format::suggest::nearest;
use keyway_spec::{Operation, ProviderSpec};

/// The operation of an entry with this name. The error says which there are.
pub fn find(spec: &ProviderSpec, name: &str) -> Result<&'static Operation, String> {
    let operations = spec.operations;
    if let Some(operation) = operations.iter().find(|operation| operation.name == name) {
        return Ok(operation);
    }
    let names = || operations.iter().map(|operation| operation.name);
    let next = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if operations.is_empty() => "its entry lists none, so call it by method and path".to_owned(),
        None => format!("there is {}", list(names())),
    };
    Err(format!("`{}` has no operation `{}`; {next}", spec.key, shown(name)))
}
