//! The operations that an entry vouches for, as a part of the provider's page.

use super::cell;
use crate::emit::plain;
use keyway_spec::ProviderSpec;
use keyway_spec::operation::{Operation, OperationParameter};
use std::fmt::Write as _;

/// The table of operations, with what each takes; nothing where there are none.
pub(super) fn section(spec: &ProviderSpec) -> String {
    if spec.operations.is_empty() {
        return String::new();
    }
    let mut text = "
## Operations

Those that the catalogue vouches for. What a call needs is in bold; the API takes more than is listed here.

| name | call | what it does | parameters |
|---|---|---|---|
"
    .to_owned();
    for operation in spec.operations {
        let call = format!("{} {}", operation.verb.name().to_ascii_uppercase(), operation.path);
        let parameters: Vec<String> = operation.parameters.iter().map(parameter).collect();
        let _ = writeln!(
            text,
            "| {} | `{call}` | {} | {} |",
            name(operation),
            cell(&what(operation)),
            parameters.join(", ")
        );
    }
    text
}

/// The name, as a link to the vendor's page where there is one.
fn name(operation: &Operation) -> String {
    let safe =
        operation.docs.filter(|url| url.starts_with("https://") && !url.contains(['<', '>', ' ', '(', ')', '|']));
    safe.map_or_else(|| format!("`{}`", operation.name), |url| format!("[`{}`]({url})", operation.name))
}

fn what(operation: &Operation) -> String {
    let title = operation.title.map(plain).unwrap_or_default();
    if operation.paginate.is_some() { format!("{title} In pages.").trim_start().to_owned() } else { title }
}

fn parameter(parameter: &OperationParameter) -> String {
    let name: String =
        parameter.name.chars().filter(|letter| !"`|".contains(*letter) && !letter.is_control()).collect();
    if parameter.required { format!("**`{name}`**") } else { format!("`{name}`") }
}
