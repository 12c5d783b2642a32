//! A pattern as a tree.

use super::set::Set;
use std::ops::Range;

/// A part of a pattern, and the bytes of the pattern's text that it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) at: Range<usize>,
}

/// The kind of a part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One code unit of a set: a literal, an escape, a class or `.`.
    Unit(Set),
    /// The beginning of the text, `^`.
    Start,
    /// The end of the text, `$`.
    End,
    /// `\b`, or `\B` where `negated`.
    Boundary { negated: bool },
    /// A look-ahead or a look-behind.
    Look { ahead: bool, negated: bool, body: Box<Node> },
    /// A group; its number where it captures.
    Group { number: Option<u32>, body: Box<Node> },
    /// A back-reference to the group of a number.
    Reference(u32),
    /// A repetition; `most` is `None` where there is no bound.
    Repeat { body: Box<Node>, least: u32, most: Option<u32>, lazy: bool },
    /// One after another; all at the empty list.
    Concat(Vec<Node>),
    /// One of several.
    Either(Vec<Node>),
}

impl Node {
    /// The parts directly below.
    pub(super) fn children(&self) -> &[Node] {
        match &self.kind {
            Kind::Look { body, .. } | Kind::Group { body, .. } | Kind::Repeat { body, .. } => {
                std::slice::from_ref(body)
            }
            Kind::Concat(nodes) | Kind::Either(nodes) => nodes,
            Kind::Unit(_) | Kind::Start | Kind::End | Kind::Boundary { .. } | Kind::Reference(_) => &[],
        }
    }

    /// The least and the most units of a match; `None` where there is no bound.
    pub(super) fn width(&self) -> (u64, Option<u64>) {
        match &self.kind {
            Kind::Unit(_) => (1, Some(1)),
            Kind::Start | Kind::End | Kind::Boundary { .. } | Kind::Look { .. } => (0, Some(0)),
            Kind::Reference(_) => (0, None),
            Kind::Group { body, .. } => body.width(),
            Kind::Repeat { body, least, most, .. } => {
                let (short, long) = body.width();
                let most = match (long, most) {
                    (Some(0), _) => Some(0),
                    (Some(long), Some(most)) => Some(long.saturating_mul(u64::from(*most))),
                    _ => None,
                };
                (short.saturating_mul(u64::from(*least)), most)
            }
            Kind::Concat(nodes) => nodes.iter().map(Node::width).fold((0, Some(0)), |(short, long), width| {
                (short.saturating_add(width.0), long.zip(width.1).map(|(a, b)| a.saturating_add(b)))
            }),
            Kind::Either(nodes) => {
                let widths: Vec<_> = nodes.iter().map(Node::width).collect();
                let short = widths.iter().map(|width| width.0).min().unwrap_or_default();
                let long: Option<Vec<u64>> = widths.iter().map(|width| width.1).collect();
                (short, long.map(|all| all.into_iter().max().unwrap_or_default()))
            }
        }
    }
}
