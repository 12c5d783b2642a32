//! The parameters of an operation: those that its entry lists, and those that follow from the rest of it.

use keyway_format::endpoint_path;
use keyway_spec::operation::{OperationParameter, ParameterPlace, ValueKind, Verb};
use keyway_spec::proxy::PaginateKind;
use keyway_spec::{Operation, Paginate};

/// Every parameter of an operation. A placeholder of the path that is not listed is a text; the parameters with which
/// its pages are asked for are parameters too, because a caller walks through a list one call a page.
pub fn parameters(operation: &Operation) -> Vec<OperationParameter> {
    let mut known = operation.parameters.to_vec();
    let pieces = endpoint_path::parse(operation.path).unwrap_or_default();
    for name in pieces.iter().filter_map(|(_, piece)| piece.name()) {
        add(&mut known, OperationParameter { name, place: ParameterPlace::Path, ..TEXT });
    }
    for parameter in operation.paginate.iter().flat_map(|rule| of_pages(rule, operation.verb)) {
        add(&mut known, parameter);
    }
    // A path has no parts that may be left out.
    for parameter in known.iter_mut().filter(|parameter| parameter.place == ParameterPlace::Path) {
        parameter.required = true;
    }
    known
}

const TEXT: OperationParameter = OperationParameter::EMPTY;

fn add(known: &mut Vec<OperationParameter>, parameter: OperationParameter) {
    if !known.iter().any(|other| other.name == parameter.name) {
        known.push(parameter);
    }
}

fn of_pages(rule: &Paginate, verb: Verb) -> impl Iterator<Item = OperationParameter> {
    let place = match verb {
        Verb::Post | Verb::Put | Verb::Patch => ParameterPlace::Body,
        Verb::Get | Verb::Head | Verb::Delete => ParameterPlace::Query,
    };
    let (next, kind) = match rule.kind {
        PaginateKind::Offset { name, .. } => (Some(name), ValueKind::Integer),
        // A header is none of the parameters that callers give by name.
        PaginateKind::Cursor { .. } | PaginateKind::LastItem { .. } | PaginateKind::HeaderCursor { .. }
            if rule.cursor_in_header =>
        {
            (None, ValueKind::String)
        }
        PaginateKind::Cursor { name, .. }
        | PaginateKind::LastItem { name, .. }
        | PaginateKind::HeaderCursor { name, .. } => (Some(name), ValueKind::String),
        PaginateKind::LinkHeader { .. } | PaginateKind::LinkBody { .. } => (None, ValueKind::String),
    };
    let size = rule.limit_name.map(|name| (name, ValueKind::Integer));
    let named = next.map(|name| (name, kind)).into_iter().chain(size);
    // A name with dots is a place inside a member that the entry lists.
    let plain = named.filter(|(name, _)| !name.contains(['.', '[']));
    plain.map(move |(name, kind)| OperationParameter { name, place, kind, ..TEXT })
}
