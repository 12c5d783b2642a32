//! The written file: what its user keeps, a marker, what is written anew.

use std::fmt::Write as _;

/// The line from which on everything is written anew.
pub const MARKER: &str = "// Below this line `keyway import openapi --update` writes everything anew. Operations:";
/// Before the id of an operation, and before an option, below the marker.
const REMEMBERED: &str = "//   ";

/// The facts that a written file has about itself.
#[derive(Debug, PartialEq, Eq)]
pub struct WrittenFile {
    /// The part above the marker.
    pub head: String,
    /// The ids of its operations.
    pub operations: Vec<String>,
    /// The options that it was written with, `--name value` each.
    pub options: Vec<String>,
}

/// The beginning of a file that is written for the first time.
pub fn head(document: &str, key: &str, module: &str) -> String {
    let document: String = document.chars().filter(|c| !c.is_control()).collect();
    format!(
        "//! Operations of {document}, for the entry `{key}`.\n//!\n//! Above the marker this file is yours: `keyway import openapi --update` keeps it.\n\
         #![allow(\n    dead_code,\n    missing_docs,\n    unreachable_pub,\n    reason = \"the document has more than a program uses\"\n)]\n\n\
         use keyway_providers::{module};\n\n"
    )
}

/// The facts that a file has about itself; `None` without the marker.
pub fn kept(text: &str) -> Option<WrittenFile> {
    let at = text.lines().position(|line| line.trim_end() == MARKER)?;
    let head: String = text.split_inclusive('\n').take(at).collect();
    let below = text.lines().skip(at + 1);
    let said = below.map_while(|line| line.strip_prefix(REMEMBERED)).map(|said| said.trim().to_owned());
    let (options, operations) = said.filter(|said| !said.is_empty()).partition(|said| said.starts_with("--"));
    Some(WrittenFile { head, operations, options })
}

/// The whole file.
pub fn whole(head: &str, operations: &[String], options: &[String], code: &str) -> String {
    let mut text = head.to_owned();
    let _ = writeln!(text, "{MARKER}");
    for said in operations.iter().chain(options) {
        let _ = writeln!(text, "{REMEMBERED}{}", super::rust::in_comment(said));
    }
    text.push('\n');
    text.push_str(code);
    text
}
