//! The tree of a template, and its way back to text.
//!
//! Names are as written: what they mean depends on the field and is decided by [`super::scope`]. The runtime
//! evaluates templates.

use keyway_format::date::Now;
use keyway_spec::template::Function;
use std::fmt::{self, Display, Formatter};
use std::ops::Range;

/// A sequence of nodes whose texts are joined. Printed, it parses to an equal template again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// The nodes. A choice stands alone.
    pub nodes: Vec<Node>,
}

/// A node and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its value.
    pub kind: Kind,
    /// Bytes of the whole text, `${` and `}` included.
    pub range: Range<usize>,
}

/// The kind of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Literal text.
    Text(String),
    /// `${name}`, the name as written.
    Name(String),
    /// `${function(arguments)}`.
    Call(Function, Vec<Template>),
    /// `${now}` in any of its forms.
    Now(Now),
    /// `${random}`.
    Random,
    /// `a || b`.
    Choice(Vec<Template>),
}

impl Template {
    /// The alternatives of a choice; the template itself where there is none.
    pub fn alternatives(&self) -> &[Template] {
        match self.nodes.as_slice() {
            [Node { kind: Kind::Choice(alternatives), .. }] => alternatives,
            _ => std::slice::from_ref(self),
        }
    }

    /// The text of a template that has nothing to evaluate.
    pub fn as_literal(&self) -> Option<&str> {
        match self.nodes.as_slice() {
            [] => Some(""),
            [Node { kind: Kind::Text(text), .. }] => Some(text),
            _ => None,
        }
    }

    /// Calls `visit` with every name and the range of its placeholder, in the order of the text.
    pub fn each_name<'t>(&'t self, visit: &mut impl FnMut(&'t str, &'t Range<usize>)) {
        for node in &self.nodes {
            match &node.kind {
                Kind::Name(name) => visit(name, &node.range),
                Kind::Call(_, inner) | Kind::Choice(inner) => inner.iter().for_each(|part| part.each_name(visit)),
                Kind::Text(_) | Kind::Now(_) | Kind::Random => {}
            }
        }
    }
}

impl Display for Template {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.nodes.iter().try_for_each(|node| node.kind.fmt(f))
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Text(text) => f.write_str(text),
            Kind::Name(name) => write!(f, "${{{name}}}"),
            Kind::Call(function, arguments) => {
                write!(f, "${{{}(", function.name())?;
                join(f, arguments, ",")?;
                f.write_str(")}")
            }
            Kind::Now(now) => write!(f, "${{{now}}}"),
            Kind::Random => f.write_str("${random}"),
            Kind::Choice(alternatives) => join(f, alternatives, " || "),
        }
    }
}

fn join(f: &mut Formatter<'_>, parts: &[Template], separator: &str) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        part.fmt(f)?;
    }
    Ok(())
}
