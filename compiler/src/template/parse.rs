//! Text to tree, with balanced braces and parentheses.
//!
//! A lone `{`, `}`, `{{` or `$` is text, and there is no escape. Whether `||` is an operator is the field's to say;
//! in a text without any `${` it never is. [`super::scope`] looks names up.

use super::ast::{Kind, Node, Template};
use super::{Problem, TEMPLATE_SYNTAX, UNKNOWN_FUNCTION, WRONG_ARITY};
use crate::diagnostic::near;
use keyway_format::date;
use keyway_format::function::{self, Separator};
use keyway_spec::template::Function;
use std::ops::Range;

/// The deepest nesting of calls.
const DEPTH: usize = 16;

/// Reads a template; `choice` says whether `||` is an operator. All problems are found in one run; what could not be
/// read is text.
pub fn parse(text: &str, choice: bool) -> (Template, Vec<Problem>) {
    let mut parser = Parser { text, at: 0, problems: Vec::new() };
    let template = if text.contains("${") { parser.template(choice) } else { literal(text) };
    (template, parser.problems)
}

fn literal(text: &str) -> Template {
    if text.is_empty() {
        return Template::default();
    }
    Template { nodes: vec![Node { kind: Kind::Text(text.to_owned()), range: 0..text.len() }] }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    problems: Vec<Problem>,
}

/// Where a run of nodes ends, besides the end of the text.
#[derive(Clone, Copy, PartialEq)]
enum Until {
    End,
    Alternative,
    Parenthesis,
}

/// A run of nodes, and where commas stand that could separate arguments.
#[derive(Default)]
struct Run {
    nodes: Vec<Node>,
    commas: Vec<usize>,
}

impl Parser<'_> {
    fn template(&mut self, choice: bool) -> Template {
        if !choice {
            return Template { nodes: self.run(Until::End, 0).nodes };
        }
        let mut alternatives = vec![Template { nodes: self.run(Until::Alternative, 0).nodes }];
        while self.eat("||") {
            alternatives.push(Template { nodes: self.run(Until::Alternative, 0).nodes });
        }
        match alternatives.pop() {
            Some(only) if alternatives.is_empty() => only,
            last => {
                alternatives.extend(last);
                for alternative in &mut alternatives {
                    trim(&mut alternative.nodes);
                }
                Template { nodes: vec![Node { kind: Kind::Choice(alternatives), range: 0..self.text.len() }] }
            }
        }
    }

    fn run(&mut self, until: Until, depth: usize) -> Run {
        let mut run = Run::default();
        let mut parentheses = 0usize;
        while let Some(first) = self.rest().chars().next() {
            let start = self.at;
            if self.rest().starts_with("${") {
                let node = self.placeholder(depth);
                push(&mut run.nodes, node);
                continue;
            }
            if until == Until::Alternative && self.rest().starts_with("||") {
                break;
            }
            if until == Until::Parenthesis {
                match first {
                    '(' => parentheses += 1,
                    ')' if parentheses == 0 => break,
                    ')' => parentheses -= 1,
                    ',' if parentheses == 0 => run.commas.push(start),
                    _ => {}
                }
            }
            self.at += first.len_utf8();
            let node = self.raw(start);
            push(&mut run.nodes, node);
        }
        run
    }

    /// A placeholder; the cursor is at its `${`.
    fn placeholder(&mut self, depth: usize) -> Node {
        let start = self.at;
        let inside = &self.rest()[2..];
        let word = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
        if word > 0 && inside[word..].starts_with('(') {
            return self.call(start, word, depth);
        }
        match inside.find(['{', '}']) {
            Some(end) if inside[end..].starts_with('}') => {
                self.at += 2 + end + 1;
                let name = &self.text[start + 2..start + 2 + end];
                self.name(name, start..self.at)
            }
            _ => self.doubled(start).unwrap_or_else(|| self.unclosed(start)),
        }
    }

    /// `${{name}}`, as other template languages have it.
    fn doubled(&mut self, start: usize) -> Option<Node> {
        let inside = self.rest().strip_prefix("${{")?;
        let (name, behind) = inside.split_once("}}")?;
        let length = self.rest().len() - behind.len();
        let name = name.trim();
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.');
        if name.is_empty() || !name.chars().all(is_name) {
            return None;
        }
        let (name, range) = (name.to_owned(), start..start + length);
        self.at = range.end;
        let message = format!("`{}` has two pairs of braces", &self.text[range.clone()]);
        let mut problem = Problem::new(&TEMPLATE_SYNTAX, range.clone(), message).label("a placeholder has one pair");
        problem.help = Some(format!("write `${{{name}}}`"));
        problem.replacement = Some(format!("${{{name}}}"));
        self.problems.push(problem);
        Some(Node { kind: Kind::Name(name), range })
    }

    /// A `${` without its `}`.
    fn unclosed(&mut self, start: usize) -> Node {
        let inside = &self.rest()[2..];
        let end = inside.find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.')));
        let name = &inside[..end.unwrap_or(inside.len())];
        let behind = &inside[name.len()..];
        let wrong = usize::from(behind.starts_with([')', ']', '>']));
        // Where a longer name ends cannot be known: `${connectionConfig.team.acme.com`.
        let certain = !name.is_empty() && name.matches('.').count() <= 1 && behind.len() == wrong;
        let range = if certain { start..start + 2 + name.len() + wrong } else { start..start + 2 };
        let mut problem = Problem::new(&TEMPLATE_SYNTAX, range, "`${` is never closed").label("no `}` follows");
        problem.help = match name {
            "" => Some("write the name and a `}` behind it: `${name}`".to_owned()),
            name if name.matches('.').count() > 1 => {
                Some(format!("close it behind the name: `${{{}}}`", two_parts(name)))
            }
            name => Some(format!("write `${{{name}}}`")),
        };
        problem.replacement = certain.then(|| format!("${{{name}}}"));
        self.problems.push(problem);
        self.at += 2;
        self.raw(start)
    }

    fn name(&mut self, name: &str, range: Range<usize>) -> Node {
        let kind = match name {
            "" => {
                self.problem(range.clone(), "`${}` names nothing", "a name is missing");
                Kind::Text("${}".to_owned())
            }
            "random" => Kind::Random,
            _ => match name.strip_prefix("now").and_then(date::parse) {
                Some(Ok(now)) => Kind::Now(now),
                Some(Err(reason)) => {
                    self.problem(range.clone(), format!("`{name}` is not a date: {reason}"), "");
                    Kind::Text(self.text[range.clone()].to_owned())
                }
                None => Kind::Name(name.to_owned()),
            },
        };
        Node { kind, range }
    }

    /// A call; the cursor is at its `${`, `word` is the length of its name.
    fn call(&mut self, start: usize, word: usize, depth: usize) -> Node {
        let name = start + 2..start + 2 + word;
        self.at = name.end + 1;
        if depth >= DEPTH {
            self.at = self.text.len();
            self.problem(start..name.end, format!("calls nest deeper than {DEPTH}"), "one call too many");
            return self.raw(start);
        }
        let arguments = self.at;
        let run = self.run(Until::Parenthesis, depth + 1);
        let arguments = arguments..self.at;
        if !self.eat(")}") {
            let message = format!("the call of `{}` is never closed", &self.text[name.clone()]);
            self.problem(start..name.end + 1, message, "no `)}` ends it");
            return self.raw(start);
        }
        let range = start..self.at;
        let Some(function) = function::from_name(&self.text[name.clone()]) else {
            self.unknown_function(name);
            return self.raw(start);
        };
        let found = split(function, run, &arguments);
        if let Err(wrong) = function::check_arity(function, found.len()) {
            let message = format!("`{}` {wrong}", function.name());
            let label = if arguments.is_empty() { name } else { arguments };
            self.problems.push(Problem::new(&WRONG_ARITY, label, message).label("separate arguments with commas"));
        }
        Node { kind: Kind::Call(function, found), range }
    }

    fn unknown_function(&mut self, range: Range<usize>) {
        let name = &self.text[range.clone()];
        let problem = Problem::new(&UNKNOWN_FUNCTION, range, format!("unknown function `{name}`"));
        let known = function::ALL.map(Function::name);
        self.problems.push(match near(name, known) {
            Some(near) => problem.label("no such function").did_you_mean(near),
            None => problem.label("no such function").help(format!("the functions are `{}`", known.join("`, `"))),
        });
    }

    fn problem(&mut self, range: Range<usize>, message: impl Into<String>, label: &str) {
        self.problems.push(Problem::new(&TEMPLATE_SYNTAX, range, message).label(label));
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word);
        if found {
            self.at += word.len();
        }
        found
    }

    /// Everything from `start` to the cursor, as text.
    fn raw(&self, start: usize) -> Node {
        Node { kind: Kind::Text(self.text[start..self.at].to_owned()), range: start..self.at }
    }
}

/// The first two parts of a dotted name.
fn two_parts(name: &str) -> &str {
    name.match_indices('.').nth(1).and_then(|(at, _)| name.get(..at)).unwrap_or(name)
}

/// Appends a node; texts that touch become one.
fn push(nodes: &mut Vec<Node>, node: Node) {
    if let (Some(Node { kind: Kind::Text(last), range }), Kind::Text(text)) = (nodes.last_mut(), &node.kind) {
        last.push_str(text);
        range.end = node.range.end;
        return;
    }
    nodes.push(node);
}

/// The arguments of a call. A message and its key part at the last comma, the message untrimmed, because messages
/// hold commas; a function of one argument takes all of the text.
fn split(function: Function, run: Run, inside: &Range<usize>) -> Vec<Template> {
    let separator = function::separator(function);
    let commas: &[usize] = match separator {
        Separator::None => &[],
        Separator::LastComma => run.commas.last().map(std::slice::from_ref).unwrap_or_default(),
        Separator::EveryComma => &run.commas,
    };
    if inside.is_empty() {
        return Vec::new();
    }
    let mut arguments = Vec::new();
    let mut rest = run.nodes;
    for comma in commas {
        let behind = cut(&mut rest, *comma);
        arguments.push(Template { nodes: std::mem::replace(&mut rest, behind) });
    }
    arguments.push(Template { nodes: rest });
    for (index, argument) in arguments.iter_mut().enumerate() {
        if !commas.is_empty() && (index > 0 || separator == Separator::EveryComma) {
            trim(&mut argument.nodes);
        }
    }
    arguments
}

/// Cuts nodes at the one-byte separator at `offset` of the text; returns what stands after it.
fn cut(nodes: &mut Vec<Node>, offset: usize) -> Vec<Node> {
    let Some(index) = nodes.iter().position(|node| node.range.contains(&offset)) else {
        return Vec::new();
    };
    let mut behind = nodes.split_off(index);
    if let Some(Node { kind: Kind::Text(text), range }) = behind.first_mut() {
        let before = offset - range.start;
        if before > 0 {
            nodes.push(Node { kind: Kind::Text(text[..before].to_owned()), range: range.start..offset });
        }
        text.drain(..=before);
        range.start = offset + 1;
    }
    behind.retain(|node| !node.range.is_empty());
    behind
}

/// Trims white space at both ends of a run.
fn trim(nodes: &mut Vec<Node>) {
    if let Some(Node { kind: Kind::Text(text), range }) = nodes.first_mut() {
        let kept = text.trim_start().len();
        range.start += text.len() - kept;
        text.drain(..text.len() - kept);
    }
    if let Some(Node { kind: Kind::Text(text), range }) = nodes.last_mut() {
        let kept = text.trim_end().len();
        range.end -= text.len() - kept;
        text.truncate(kept);
    }
    nodes.retain(|node| !node.range.is_empty());
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
