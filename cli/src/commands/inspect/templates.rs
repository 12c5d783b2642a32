//! The templates of an entry, part by part.
//!
//! Texts that hold no name are shown as they are.

use keyway_compiler::lower::trace::PlacedTemplate;
use keyway_spec::{Node, Position, Reference, Template};
use std::fmt::Write;

/// Every template: its place and text, then its parts.
pub(super) fn text(templates: &[PlacedTemplate]) -> String {
    let mut out = String::new();
    for placed in templates {
        let _ = writeln!(out, "{}: {}", placed.path.join("."), placed.text);
        if placed.template.as_literal().is_none() {
            parts(&placed.template, 1, &mut out);
        }
    }
    out
}

/// The parts of a template. The parser bounds how deep calls nest.
fn parts(template: &Template, depth: usize, out: &mut String) {
    let indent = "    ".repeat(depth);
    let nodes = match template {
        Template::Text(text) => {
            let _ = writeln!(out, "{indent}text {text:?}");
            return;
        }
        Template::Nodes(nodes) => nodes,
    };
    for node in *nodes {
        let _ = match node {
            Node::Text(text) => writeln!(out, "{indent}text {text:?}"),
            Node::Reference(reference) => writeln!(out, "{indent}{}", meaning(reference)),
            Node::Call(function, _) => writeln!(out, "{indent}call of {function:?}"),
            Node::Now(_) => writeln!(out, "{indent}the request's instant"),
            Node::Random => writeln!(out, "{indent}the request's UUID"),
            Node::Choice(_) => writeln!(out, "{indent}the first of these that has a value"),
        };
        if let Node::Call(_, below) | Node::Choice(below) = node {
            for template in *below {
                parts(template, depth + 1, out);
            }
        }
    }
}

/// `subdomain of ConnectionConfig, one or more labels of the host`
fn meaning(reference: &Reference) -> String {
    let Reference { root, path, position } = reference;
    let name = if path.is_empty() { format!("{root:?}") } else { format!("`{path}` of {root:?}") };
    format!("{name}, {}", place(*position))
}

fn place(position: Position) -> &'static str {
    match position {
        Position::Text => "as it is",
        Position::Quoted => "between quotes",
        Position::Origin => "the scheme and host",
        Position::Host => "the whole host",
        Position::HostLabel => "labels of the host",
        Position::Port => "the port",
        Position::Segment => "one segment of the path",
        Position::Path => "segments of the path",
        Position::Query => "a query value",
        Position::Fragment => "the fragment",
    }
}
