//! The state of lowering: the position, the findings, and their wording.
//!
//! A finding on a node that an alias inherits is reported like any other; `resolve` folds it into its owner's.

use super::corrected::Corrected;
use super::findings::{AUTH_MODE_SHAPE, MISPLACED_KEY, MISSING_KEY, UNKNOWN_ENUM_VALUE, UNKNOWN_KEY, WRONG_TYPE};
use super::grammar::Grammar;
use super::vocabulary::{Guess, Vocabulary};
use super::wording::{advised, bullet, ends_in_break, found, list, place, rename, suggest_key};
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Rule};
use crate::resolve::Resolved;
use crate::source::Span;
use crate::syntax::{Key, Mapping, Node, Value};

/// The state of lowering one entry.
#[derive(Debug)]
pub(crate) struct Lowering<'a> {
    corrected: &'a Corrected<'a>,
    vocabulary: &'static dyn Vocabulary,
    path: Vec<String>,
    /// The key of the map that is being read: a missing key is reported there.
    here: Span,
    /// The rule that a missing key breaks at this level.
    missing: &'static Rule,
    /// The findings.
    pub(in crate::model) found: Diagnostics,
}

impl<'a> Lowering<'a> {
    /// Before the first key of an entry.
    pub(in crate::model) fn new(corrected: &'a Corrected<'a>, vocabulary: &'static dyn Vocabulary) -> Lowering<'a> {
        let entry = &corrected.entry;
        Lowering {
            corrected,
            vocabulary,
            path: vec![entry.key.name.clone()],
            here: entry.key.span,
            missing: &MISSING_KEY,
            found: Diagnostics::default(),
        }
    }

    /// The entry's keys.
    pub(in crate::model) fn body(&self) -> &'a Mapping {
        &self.entry().body
    }

    /// The entry.
    pub(super) fn entry(&self) -> &'a Resolved {
        &self.corrected.entry
    }

    /// The names of the format.
    pub(in crate::model) fn vocabulary(&self) -> &'static dyn Vocabulary {
        self.vocabulary
    }

    /// Runs a step in which a missing key breaks `rule`.
    pub(in crate::model) fn missing_is<T>(&mut self, rule: &'static Rule, step: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.missing, rule);
        let result = step(self);
        self.missing = before;
        result
    }

    /// Reports an absent key, which breaks a rule of its own or that of its level.
    pub(in crate::model) fn missing(&mut self, name: &str, rule: Option<&'static Rule>) {
        let message = match self.path.split_first() {
            Some((_, [])) => format!("`{}` has no `{name}`", self.entry().key.name),
            _ => format!("`{}` has no `{name}`", self.path.last().map_or("", String::as_str)),
        };
        let rule = rule.unwrap_or(self.missing);
        let label = match self.vocabulary.mode(self.body()).filter(|_| rule == &AUTH_MODE_SHAPE) {
            Some(mode) => format!("`{mode}` requires `{name}`"),
            None => format!("`{name}` is required here"),
        };
        let path = self.path.get(1..).unwrap_or_default();
        let help = match self.vocabulary.purpose(name, path, self.body()) {
            Some(purpose) => format!("add `{name}`: {purpose}"),
            None => format!("add `{name}`"),
        };
        self.report(Diagnostic::new(rule, message, self.here).label(label).help(help));
    }

    /// Reads a value below a key.
    pub(in crate::model) fn under<T>(&mut self, key: &Key, step: impl FnOnce(&mut Self) -> T) -> T {
        let outside = self.enter(key);
        let result = step(self);
        self.leave(outside);
        result
    }

    /// Goes below a key. What it gives is for [`leave`](Self::leave).
    pub(super) fn enter(&mut self, key: &Key) -> (Span, &'static Rule) {
        self.path.push(key.name.clone());
        let missing = std::mem::replace(&mut self.missing, &MISSING_KEY);
        (std::mem::replace(&mut self.here, key.span), missing)
    }

    pub(super) fn leave(&mut self, outside: (Span, &'static Rule)) {
        self.path.pop();
        (self.here, self.missing) = outside;
    }

    /// Reads an item of a list.
    pub(in crate::model) fn item<T>(
        &mut self,
        index: usize,
        node: &Node,
        step: impl FnOnce(&Node, &mut Self) -> Option<T>,
    ) -> Option<T> {
        self.under(&Key { name: index.to_string(), span: node.span }, |lowering| step(node, lowering))
    }

    /// Whether a key was misspelt before it was corrected; then that is reported.
    pub(in crate::model) fn is_misspelt(
        &mut self,
        key: &Key,
        mapping: &Mapping,
        siblings: impl FnOnce() -> Vec<&'static str>,
    ) -> bool {
        let Some(was) = self.corrected.key_was(key.span) else { return false };
        self.unknown_key(&Key { name: was.to_owned(), span: key.span }, mapping, &siblings());
        true
    }

    /// Reports a key that its map does not have. `mapping` is that map.
    pub(in crate::model) fn unknown_key(&mut self, key: &Key, mapping: &Mapping, siblings: &[&'static str]) {
        let path = self.path.get(1..).unwrap_or_default();
        let place = place(path);
        let finding = Diagnostic::new(&UNKNOWN_KEY, format!("unknown key `{}`", key.name), key.span)
            .label(format!("{place} has no such key"));
        let finding = match self.vocabulary.guess(&key.name, path, siblings) {
            Guess::Near(near) => suggest_key(finding, near, key, mapping),
            Guess::Home(home) => {
                let message = format!("`{}` does not belong here", key.name);
                Diagnostic::new(&MISPLACED_KEY, message, key.span)
                    .label(format!("{place} has no such key"))
                    .help(format!("move it: `{}` belongs in {home}", key.name))
            }
            Guess::Unknown => finding.help("remove it; the format reference lists the keys of each place"),
        };
        self.under(key, |lowering| lowering.report(finding));
    }

    /// Reports a value of another type: that of `type_name`.
    pub(super) fn mistyped(&mut self, node: &Node, type_name: &str, text: bool, mend: fn(&Node) -> Option<Fix>) {
        let message = format!("expected {type_name}, found {}", found(node));
        let mut finding = Diagnostic::new(&WRONG_TYPE, message, node.span).label(format!("this is {}", node.kind()));
        if text && matches!(node.value, Value::Bool(_) | Value::Integer(_) | Value::Float(_)) {
            finding = finding.help("put it in quotes").fix(Fix::around(node.span, "'", "'", "put it in quotes"));
        } else if let Some(fix) = mend(node) {
            finding = finding.help(fix.title.clone()).fix(fix);
        } else if node.value == Value::Null {
            finding = finding.help("write a value, or remove the key");
        } else if let Some(bullet) = bullet(node) {
            finding =
                finding.help(format!("an item of a list begins with a plain `-` and a space, not with `{bullet}`"));
        }
        self.report(finding);
    }

    /// Reports a word that is not one of the listed ones.
    pub(in crate::model) fn unknown_word(&mut self, node: &Node, word: &str, known: &[&'static str]) {
        let finding = Diagnostic::new(&UNKNOWN_ENUM_VALUE, format!("unknown value `{word}`"), node.span)
            .label(format!("not a value of `{}`", self.name()));
        let finding = match self.vocabulary.meant_value(self.name(), word, known) {
            Some(meant) => advised(finding, &meant, node.span, word),
            None => match self.vocabulary.key_with_value(self.path.get(1..).unwrap_or_default(), word) {
                Some(other) => finding.help(format!("write one of {}; `{word}` is a value of `{other}`", list(known))),
                None if known.len() == 1 => finding.help(format!("write {}", list(known))),
                None => finding.help(format!("write one of {}", list(known))),
            },
        };
        self.report(finding);
    }

    /// The auth mode before it was corrected.
    pub(in crate::model) fn mode_was(&self) -> Option<&str> {
        self.corrected.mode_was()
    }

    /// Checks a name or a text against its grammar.
    pub(in crate::model) fn grammar<G: Grammar>(&mut self, text: &str, span: Span) {
        if G::accepts(text) {
            return;
        }
        let shown: String = text.chars().take(60).flat_map(char::escape_default).collect();
        let finding = Diagnostic::new(G::rule(text), format!("`{shown}` is not {}", G::TYPE_NAME), span);
        if G::ends_in_break(text) {
            return self.report(ends_in_break(finding, span));
        }
        self.report(match G::mend(text) {
            Some(mended) => finding.label(format!("write `{mended}`")).help(G::HELP).fix(rename(span, text, &mended)),
            None => finding.label("not valid here").help(G::HELP),
        });
    }

    /// Adds a finding at this place.
    pub(in crate::model) fn report(&mut self, finding: Diagnostic) {
        self.found.push(finding.at(&self.path));
    }

    /// The last key that is not the index of a list.
    fn name(&self) -> &str {
        let index = |name: &&String| name.bytes().all(|byte| byte.is_ascii_digit());
        self.path.iter().rev().find(|name| !index(name)).map_or("", String::as_str)
    }
}
