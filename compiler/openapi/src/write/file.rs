//! The written file: what its user keeps, a marker, what is written anew.

use std::fmt::Write as _;

/// The line from which on everything is written anew.
pub const MARKER: &str = "// Below this line `keyway import openapi --update` writes everything anew. Operations:";
/// Before the id of an operation, below the marker.
const OPERATION: &str = "//   ";

/// The beginning of a file that is written for the first time.
pub fn head(document: &str, key: &str, module: &str) -> String {
    let document: String = document.chars().filter(|c| !c.is_control()).collect();
    format!(
        "//! Operations of {document}, for the entry `{key}`.\n//!\n//! Above the marker this file is yours: `keyway import openapi --update` keeps it.\n\
         #![allow(\n    dead_code,\n    missing_docs,\n    reason = \"the document has more than a program uses\"\n)]\n\n\
         use keyway_providers::{module};\n\n"
    )
}

/// The part that is kept, and the operations, of a file that was written before; `None` without the marker.
pub fn kept(text: &str) -> Option<(String, Vec<String>)> {
    let at = text.lines().position(|line| line.trim_end() == MARKER)?;
    let head: String = text.split_inclusive('\n').take(at).collect();
    let below = text.lines().skip(at + 1);
    let operations = below.map_while(|line| line.strip_prefix(OPERATION)).map(|id| id.trim().to_owned());
    Some((head, operations.filter(|id| !id.is_empty()).collect()))
}

/// The whole file.
pub fn whole<'i>(head: &str, operations: impl IntoIterator<Item = &'i str>, code: &str) -> String {
    let mut text = head.to_owned();
    let _ = writeln!(text, "{MARKER}");
    for id in operations {
        let _ = writeln!(text, "{OPERATION}{}", super::rust::in_comment(id));
    }
    text.push('\n');
    text.push_str(code);
    text
}
