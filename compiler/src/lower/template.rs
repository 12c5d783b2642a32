//! A parsed template into the spec: names looked up, places in URLs decided.
//!
//! Problems are added to the parser's; nothing is reported here.

use super::arena::Arena;
use crate::template::position::{positions, quoted};
use crate::template::scope::{Field, Scope};
use crate::template::{CALL_IN_URL, Kind, Node, Problem, Template};
use keyway_format::date::{Now, Part};
use keyway_spec::{Position, Reference, template as spec};

/// Lowers a template in its scope.
pub(super) fn lower(
    arena: Arena,
    template: &Template,
    scope: &Scope<'_>,
    problems: &mut Vec<Problem>,
    slashes: Slashes,
) -> spec::Template {
    let place = match scope.field() {
        field if field.is_url() => TextKind::Url(slashes),
        Field::TokenParam | Field::StepParam => TextKind::Parameter,
        _ => TextKind::Text,
    };
    Lowerer { arena, scope, problems }.template(template, place)
}

/// A text without anything to evaluate.
pub(super) fn literal(arena: Arena, text: &str) -> spec::Template {
    spec::Template::Text(arena.str(text))
}

/// The treatment of a slash in a value in the path of a URL.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Slashes {
    /// It is a part of a segment, and encoded.
    InSegment,
    /// It separates segments.
    Separate,
}

#[derive(Clone, Copy, PartialEq)]
enum TextKind {
    Text,
    /// A text that may itself be a query of some language.
    Parameter,
    Url(Slashes),
}

struct Lowerer<'s, 'd> {
    arena: Arena,
    scope: &'s Scope<'d>,
    problems: &'s mut Vec<Problem>,
}

impl Lowerer<'_, '_> {
    fn template(&mut self, template: &Template, place: TextKind) -> spec::Template {
        let positions = match place {
            TextKind::Url(Slashes::InSegment) => positions(&template.nodes),
            TextKind::Url(Slashes::Separate) => positions(&template.nodes).into_iter().map(with_slashes).collect(),
            TextKind::Parameter => quoted(&template.nodes),
            TextKind::Text => vec![Position::Text; template.nodes.len()],
        };
        let mut nodes = Vec::with_capacity(template.nodes.len());
        for (node, position) in template.nodes.iter().zip(positions) {
            nodes.extend(self.node(node, place, position));
        }
        match nodes.as_slice() {
            [] => spec::Template::EMPTY,
            [spec::Node::Text(text)] => spec::Template::Text(text),
            nodes => spec::Template::Nodes(self.arena.list(nodes)),
        }
    }

    fn templates(&mut self, templates: &[Template], place: TextKind) -> &'static [spec::Template] {
        let templates: Vec<_> = templates.iter().map(|template| self.template(template, place)).collect();
        self.arena.list(&templates)
    }

    fn node(&mut self, node: &Node, place: TextKind, position: Position) -> Option<spec::Node> {
        Some(match &node.kind {
            Kind::Text(text) => spec::Node::Text(self.arena.str(text)),
            Kind::Name(name) => match self.scope.resolve(name, &node.range) {
                Ok((root, path)) => spec::Node::Reference(Reference { root, path: self.arena.str(path), position }),
                Err(problem) => {
                    self.problems.push(problem);
                    return None;
                }
            },
            Kind::Call(function, arguments) => {
                if matches!(place, TextKind::Url(_)) {
                    let message = format!("`{}` is called in a URL", function.name());
                    self.problems.push(
                        Problem::new(&CALL_IN_URL, node.range.clone(), message)
                            .label("its result cannot be encoded for this place")
                            .help("put the call into a header, a query parameter or a body"),
                    );
                }
                spec::Node::Call(*function, self.templates(arguments, TextKind::Text))
            }
            Kind::Now(now) => spec::Node::Now(self.now(now)),
            Kind::Random => spec::Node::Random,
            Kind::Choice(alternatives) => spec::Node::Choice(self.templates(alternatives, place)),
        })
    }

    fn now(&self, now: &Now) -> spec::Now {
        let part = |part: &Part| match part {
            Part::Text(text) => spec::DatePart::Text(self.arena.str(text)),
            Part::Token(token) => *token,
        };
        let format: Vec<spec::DatePart> = now.format.iter().map(part).collect();
        spec::Now { offset: now.offset, format: self.arena.list(&format) }
    }
}

fn with_slashes(position: Position) -> Position {
    if position == Position::Segment { Position::Path } else { position }
}
