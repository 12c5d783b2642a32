//! Lines as rustfmt leaves them, so that formatting a written file changes nothing.

use std::fmt::Write as _;

/// The width of a line.
const MAX_WIDTH: usize = 100;
/// The width of what stands in an attribute's parentheses.
const MAX_ATTRIBUTE: usize = 70;

/// `#[name(arguments)]` with its indentation; one argument a line where it is long.
pub(super) fn attribute(out: &mut String, indent: usize, name: &str, arguments: &[String]) {
    let pad = " ".repeat(indent);
    if arguments.is_empty() {
        let _ = writeln!(out, "{pad}#[{name}]");
        return;
    }
    let joined = arguments.join(", ");
    if joined.chars().count() <= MAX_ATTRIBUTE || !joined.contains('=') && arguments.len() == 1 {
        let _ = writeln!(out, "{pad}#[{name}({joined})]");
        return;
    }
    let _ = writeln!(out, "{pad}#[{name}(");
    for (index, argument) in arguments.iter().enumerate() {
        let comma = if index + 1 < arguments.len() { "," } else { "" };
        let _ = writeln!(out, "{pad}    {argument}{comma}");
    }
    let _ = writeln!(out, "{pad})]");
}

/// A field: `pub name: Type,`.
pub(super) fn field(out: &mut String, name: &str, is: &str) {
    let line = format!("    pub {name}: {is},");
    if line.len() <= MAX_WIDTH {
        let _ = writeln!(out, "{line}");
    } else {
        let _ = writeln!(out, "    pub {name}:\n        {is},");
    }
}

/// A method of a trait without a body.
pub(super) fn method(out: &mut String, name: &str, arguments: &[String], answer: &str) {
    let line = format!("    fn {name}({}){answer};", arguments.join(", "));
    if line.len() <= MAX_WIDTH {
        let _ = writeln!(out, "{line}");
        return;
    }
    let _ = writeln!(out, "    fn {name}(");
    for argument in arguments {
        let _ = writeln!(out, "        {argument},");
    }
    let _ = writeln!(out, "    ){answer};");
}
