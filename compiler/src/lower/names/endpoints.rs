//! The names of operations: a struct for each, with a member for each of its parameters.

use super::reserved::{FAMILIAR, IMPORTED};
use super::scope::{NameScope, camel, escape, field};
use keyway_spec::Operation;

/// An operation's names.
pub(crate) struct EndpointNames {
    /// The struct.
    pub(crate) name: String,
    /// A member for each parameter, in the order of the spec.
    pub(crate) members: Vec<String>,
}

/// The struct of an operation: `issues.list` becomes `IssuesList`. A name that generated code imports, or that every
/// Rust file knows, gets `Call` after it. It depends on nothing but the name; two operations of one name are an error.
pub(in crate::lower) fn endpoint(name: &str) -> String {
    let plain = camel(name);
    let is_taken = [&IMPORTED[..], &FAMILIAR[..]].concat().contains(&plain.as_str());
    if is_taken { format!("{plain}Call") } else { escape(&plain) }
}

/// The names of operations, in their order.
pub(super) fn named(operations: &[Operation]) -> Vec<EndpointNames> {
    let of_one = |operation: &Operation| {
        let mut scope = NameScope::new(["new"]);
        let members = operation.parameters.iter().map(|parameter| scope.take(&field(parameter.name))).collect();
        EndpointNames { name: endpoint(operation.name), members }
    };
    operations.iter().map(of_one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_struct_is_called_as_its_operation() {
        for (name, expected) in [
            ("issues.list", "IssuesList"),
            ("issue_comments.create", "IssueCommentsCreate"),
            ("v2.items.get", "V2ItemsGet"),
            ("some", "SomeCall"),
            ("operation", "OperationCall"),
            ("self", "SelfCall"),
        ] {
            assert_eq!(endpoint(name), expected);
        }
    }
}
