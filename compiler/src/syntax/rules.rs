//! The rules of this stage. Codes KW0001 to KW0009.

use super::node::Key;
use crate::diagnostic::{Diagnostic, Rule};
use crate::source::Span;

pub(super) static YAML_SYNTAX: Rule = Rule::error("KW0001", "yaml-syntax");
pub(super) static DUPLICATE_KEY: Rule = Rule::error("KW0002", "duplicate-key");
pub(super) static UNSUPPORTED_YAML: Rule = Rule::error("KW0003", "unsupported-yaml");
pub(super) static NESTING_TOO_DEEP: Rule = Rule::error("KW0004", "nesting-too-deep");
pub(super) static ANCHOR_EXPANSION: Rule = Rule::error("KW0005", "anchor-expansion");

/// The rules this stage reports.
pub static RULES: [&Rule; 5] = [&YAML_SYNTAX, &DUPLICATE_KEY, &UNSUPPORTED_YAML, &NESTING_TOO_DEEP, &ANCHOR_EXPANSION];

/// Reports a key that a map has already; `path` ends with the key.
pub(super) fn duplicate(first: Span, second: &Key, path: &[String]) -> Diagnostic {
    Diagnostic::new(&DUPLICATE_KEY, format!("the key `{}` is given twice in one map", second.name), second.span)
        .label("again here")
        .secondary(first, "first here")
        .help("keep one of them; nothing says which of the two values was meant")
        .at(path)
}
