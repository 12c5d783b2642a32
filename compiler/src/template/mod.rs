//! The `${...}` language: text to a tree, names to scopes, references to places in a URL, URLs to hosts.
//!
//! [`parse()`] reads a text; [`Template`] is the tree, and prints back; [`scope`] says which names a field knows and
//! whether `||` is an operator there; [`position`] says where in a URL each reference stands; [`hosts`] says which
//! hosts a URL can reach, [`url`] what is wrong with one. A template is parsed once, at compile time; there is no
//! evaluator in the compiler.

mod ast;
mod declaration;
mod fields;
pub mod hosts;
mod pages;
mod parse;
pub mod position;
mod problem;
pub mod scope;
pub mod url;

pub use ast::{Kind, Node, Template};
pub use declaration::{Declaration, declaration};
pub use fields::{FIELDS, field_at};
pub use keyway_format::function::ALL as FUNCTIONS;
pub use pages::PAGES;
pub use parse::parse;
pub use problem::Problem;

use crate::diagnostic::Rule;

/// Checks for a `${` that is never closed, an empty name, a malformed date or nesting without end.
pub static TEMPLATE_SYNTAX: Rule = Rule::error("KW0200", "template-syntax");
/// Checks for a name that is neither declared by the entry nor captured from a response.
pub static UNDECLARED_TEMPLATE_VARIABLE: Rule = Rule::error("KW0201", "undeclared-template-variable");
/// Checks for a name that the field does not know in this auth mode.
pub static UNKNOWN_TEMPLATE_ROOT: Rule = Rule::error("KW0202", "unknown-template-root");
/// Checks for a call of a function that does not exist.
pub static UNKNOWN_FUNCTION: Rule = Rule::error("KW0203", "unknown-function");
/// Checks for a call with too few or too many arguments.
pub static WRONG_ARITY: Rule = Rule::error("KW0204", "wrong-arity");
/// Checks for a function call in a URL, where its result could not be encoded for its place.
pub static CALL_IN_URL: Rule = Rule::error("KW0205", "call-in-url");

/// Every rule of this stage.
pub static RULES: [&Rule; 6] = [
    &TEMPLATE_SYNTAX,
    &UNDECLARED_TEMPLATE_VARIABLE,
    &UNKNOWN_TEMPLATE_ROOT,
    &UNKNOWN_FUNCTION,
    &WRONG_ARITY,
    &CALL_IN_URL,
];
