//! Lines, broken as rustfmt breaks them in nearly all cases.

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
    let line = format!("{pad}#[{name}({joined})]");
    // A literal or a path alone has the width of the line.
    let is_alone = arguments.len() == 1 && (joined.starts_with('"') || !joined.contains('='));
    let fits = if is_alone { line.chars().count() <= MAX_WIDTH } else { joined.chars().count() <= MAX_ATTRIBUTE };
    if fits {
        let _ = writeln!(out, "{line}");
        return;
    }
    let _ = writeln!(out, "{pad}#[{name}(");
    for (index, argument) in arguments.iter().enumerate() {
        let comma = if index + 1 < arguments.len() { "," } else { "" };
        let _ = writeln!(out, "{pad}    {argument}{comma}");
    }
    let _ = writeln!(out, "{pad})]");
}

/// A comment for rustdoc, in lines that fit.
pub(super) fn comment(out: &mut String, indent: usize, text: &str) {
    let pad = " ".repeat(indent);
    let mut line = format!("{pad}///");
    let is_empty = |line: &str| line.len() == indent + 3;
    for word in text.split(' ') {
        if !is_empty(&line) && line.chars().count() + 1 + word.chars().count() > MAX_WIDTH {
            let _ = writeln!(out, "{line}");
            line = format!("{pad}///");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(out, "{line}");
}

/// A field: `pub name: Type,`.
pub(super) fn field(out: &mut String, name: &str, is: &str) {
    let line = format!("    pub {name}: {is},");
    let inner = is.strip_prefix("Option<").and_then(|inner| inner.strip_suffix('>'));
    let _ = match inner {
        _ if line.len() <= MAX_WIDTH => writeln!(out, "{line}"),
        Some(inner) if is.len() + 9 > MAX_WIDTH => {
            writeln!(out, "    pub {name}: Option<\n        {inner},\n    >,")
        }
        _ => writeln!(out, "    pub {name}:\n        {is},"),
    };
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
        let line = format!("        {argument},");
        match line.strip_suffix(">,").and_then(|line| line.split_once(": Option<")).filter(|_| line.len() > MAX_WIDTH) {
            Some((name, inner)) => {
                let _ = writeln!(out, "{name}: Option<\n            {inner},\n        >,");
            }
            None => {
                let _ = writeln!(out, "{line}");
            }
        }
    }
    let _ = writeln!(out, "    ){answer};");
}
