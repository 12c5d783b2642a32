//! What lowering carries along: where it stands, what it found, and how findings are worded.
//!
//! A finding on a node that an alias inherits is reported like any other; `resolve` folds it into its owner's.

use super::auth::Mode;
use super::findings::{AUTH_MODE_SHAPE, DEAD_KEY, MISPLACED_KEY, UNKNOWN_ENUM_VALUE, UNKNOWN_KEY, WRONG_TYPE};
use super::grammar::Grammar;
use super::keys;
use super::meaning::{Meant, meant_value};
use super::shape::{KeyInfo, Keys, Shape};
use super::spelled::{Guess, Spelled, guess};
use super::word::list;
use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Near, Rule, Severity};
use crate::resolve::Resolved;
use crate::source::Span;
use crate::syntax::{Key, Mapping, Node, Value};

/// The state of lowering one entry.
#[derive(Debug)]
pub(crate) struct Lowering<'a> {
    entry: &'a Resolved,
    spelled: &'a Spelled<'a>,
    path: Vec<String>,
    /// The key of the map that is being read: a missing key is reported there.
    here: Span,
    /// What a missing key breaks at this level.
    missing: &'static Rule,
    /// What was found.
    pub(super) found: Diagnostics,
}

impl<'a> Lowering<'a> {
    /// Before the first key of an entry.
    pub(super) fn new(entry: &'a Resolved, spelled: &'a Spelled<'a>) -> Lowering<'a> {
        Lowering {
            entry,
            spelled,
            path: vec![entry.key.name.clone()],
            here: entry.key.span,
            missing: &super::findings::MISSING_KEY,
            found: Diagnostics::default(),
        }
    }

    /// The entry's keys.
    pub(super) fn body(&self) -> &'a Mapping {
        &self.entry.body
    }

    /// Whether a value has the type of a key. Reports nothing.
    pub(super) fn accepts(&mut self, info: &KeyInfo, value: &Node) -> bool {
        let before = std::mem::take(&mut self.found);
        (info.check)(value, self);
        !std::mem::replace(&mut self.found, before).has_errors()
    }

    /// Runs a step in which a missing key breaks `rule`.
    pub(super) fn missing_is<T>(&mut self, rule: &'static Rule, step: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.missing, rule);
        let result = step(self);
        self.missing = before;
        result
    }

    /// Reads a key that the format fixes.
    pub(super) fn key<T: Shape>(&mut self, mapping: &Mapping, name: &str) -> Option<T> {
        let Some(entry) = mapping.get(name) else {
            let absent = T::absent();
            if absent.is_none() {
                self.missing(name, T::MISSING);
            }
            return absent;
        };
        let outside = self.enter(&entry.key);
        let value = T::lower(&entry.value, self);
        self.leave(outside);
        value
    }

    /// Reports an absent key, which breaks a rule of its own or that of its level.
    pub(super) fn missing(&mut self, name: &str, rule: Option<&'static Rule>) {
        let message = match self.path.split_first() {
            Some((_, [])) => format!("`{}` has no `{name}`", self.entry.key.name),
            _ => format!("`{}` has no `{name}`", self.path.last().map_or("", String::as_str)),
        };
        let rule = rule.unwrap_or(self.missing);
        let mode = Mode::of(self.body());
        let label = match mode.filter(|_| rule == &AUTH_MODE_SHAPE) {
            Some(mode) => format!("`{}` requires `{name}`", mode.name()),
            None => format!("`{name}` is required here"),
        };
        let path = self.path.get(1..).unwrap_or_default();
        let help = match keys::meaning_of(path, name, mode) {
            Some(meaning) => format!("add `{name}`: {meaning}"),
            None => format!("add `{name}`"),
        };
        self.report(Diagnostic::new(rule, message, self.here).label(label).help(help));
    }

    /// Reads a value below a key.
    pub(super) fn under<T>(&mut self, key: &Key, step: impl FnOnce(&mut Self) -> T) -> T {
        let outside = self.enter(key);
        let result = step(self);
        self.leave(outside);
        result
    }

    /// Goes below a key. What it gives is for [`leave`](Self::leave).
    fn enter(&mut self, key: &Key) -> (Span, &'static Rule) {
        self.path.push(key.name.clone());
        let missing = std::mem::replace(&mut self.missing, &super::findings::MISSING_KEY);
        (std::mem::replace(&mut self.here, key.span), missing)
    }

    fn leave(&mut self, outside: (Span, &'static Rule)) {
        self.path.pop();
        (self.here, self.missing) = outside;
    }

    /// Reads an item of a list.
    pub(super) fn item<T>(
        &mut self,
        index: usize,
        node: &Node,
        step: impl FnOnce(&Node, &mut Self) -> Option<T>,
    ) -> Option<T> {
        self.under(&Key { name: index.to_string(), span: node.span }, |lowering| step(node, lowering))
    }

    /// Reads a map whose keys the format fixes, and reports the keys it does not have.
    pub(super) fn fixed_map<T: Keys + Shape>(&mut self, node: &Node) -> Option<T> {
        let Some(mapping) = node.as_mapping() else {
            self.wrong_type::<T>(node);
            return None;
        };
        let value = T::from_mapping(mapping, self);
        let mut known: Vec<&'static KeyInfo> = Vec::new();
        T::visit(&mut |key| known.push(key));
        self.keys_beside(mapping, &known);
        value
    }

    /// Reports the keys of a map that nothing has read.
    fn keys_beside(&mut self, mapping: &Mapping, known: &[&'static KeyInfo]) {
        let names = || known.iter().map(|key| key.name).collect::<Vec<_>>();
        for entry in mapping {
            if self.is_misspelt(&entry.key, mapping, names) {
                continue;
            }
            match known.iter().find(|key| key.name == entry.key.name) {
                None => self.unknown_key(&entry.key, mapping, &names()),
                Some(key) if key.dead => self.dead_key(key, &entry.key, &entry.value),
                Some(_) => {}
            }
        }
    }

    /// Whether a key was misspelt before it was corrected; then that is reported.
    pub(super) fn is_misspelt(
        &mut self,
        key: &Key,
        mapping: &Mapping,
        siblings: impl FnOnce() -> Vec<&'static str>,
    ) -> bool {
        let Some(was) = self.spelled.was(key.span) else { return false };
        self.unknown_key(&Key { name: was.to_owned(), span: key.span }, mapping, &siblings());
        true
    }

    /// Reports a key that its map does not have. `mapping` is that map.
    pub(super) fn unknown_key(&mut self, key: &Key, mapping: &Mapping, siblings: &[&'static str]) {
        let path = self.path.get(1..).unwrap_or_default();
        let place = keys::place(path);
        let finding = Diagnostic::new(&UNKNOWN_KEY, format!("unknown key `{}`", key.name), key.span)
            .label(format!("{place} has no such key"));
        let finding = match guess(&key.name, path, siblings) {
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

    /// Checks the value of a key that nothing ever reads, and says so.
    pub(super) fn dead_key(&mut self, info: &'static KeyInfo, key: &Key, value: &Node) {
        let why = keys::paragraph(info.doc); // "Nothing reads it; ... is the key that works."
        self.unread_key(info, key, value, "", why.trim_end_matches('.').replacen('N', "n", 1));
    }

    /// Checks the value of a key that the auth mode does not read, and says so.
    pub(super) fn unread_key(&mut self, info: &KeyInfo, key: &Key, value: &Node, mode: &str, why: String) {
        self.under(key, |lowering| {
            (info.check)(value, lowering);
            let finding =
                Diagnostic::new(&DEAD_KEY, format!("`{}` has no effect{mode}", key.name), key.span).label(why);
            lowering.report(if lowering.entry.inherits(key.span) {
                Diagnostic { severity: Severity::Note, ..finding } // An alias cannot drop a key.
            } else {
                finding.help("remove it").removing(key.span, value.span)
            });
        });
    }

    /// Reports a value of another type.
    pub(super) fn wrong_type<T: Shape>(&mut self, node: &Node) {
        self.mistyped(node, &T::words(), T::TEXT, T::mend);
    }

    /// [`wrong_type`](Self::wrong_type), compiled once for all types.
    fn mistyped(&mut self, node: &Node, words: &str, text: bool, mend: fn(&Node) -> Option<Fix>) {
        let message = format!("expected {words}, found {}", found(node));
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
    pub(super) fn unknown_word(&mut self, node: &Node, word: &str, known: &[&'static str]) {
        let finding = Diagnostic::new(&UNKNOWN_ENUM_VALUE, format!("unknown value `{word}`"), node.span)
            .label(format!("not a value of `{}`", self.name()));
        let finding = match meant_value(self.name(), word, known) {
            Some(meant) => advised(finding, &meant, node.span, word),
            None if self.value_of(word).is_some() => {
                let other = self.value_of(word).unwrap_or_default();
                finding.help(format!("write one of {}; `{word}` is a value of `{other}`", list(known)))
            }
            None if known.len() == 1 => finding.help(format!("write {}", list(known))),
            None => finding.help(format!("write one of {}", list(known))),
        };
        self.report(finding);
    }

    /// The key beside the current one that has this word among its values.
    fn value_of(&self, word: &str) -> Option<&'static str> {
        let path = self.path.get(1..)?.join(".");
        let parent = |path: &str| path.rsplit_once('.').map_or(0, |(parent, _)| parent.len());
        let is_beside = |other: &str| other.get(..parent(other)) == path.get(..parent(&path)) && other != path;
        let key = keys::keys().iter().find(|key| {
            key.modes.len() < 12 && is_beside(&key.path) && key.values.iter().any(|(value, _)| *value == word)
        })?;
        Some(key.path.rsplit_once('.').map_or(key.path.as_str(), |(_, name)| name))
    }

    /// What the auth mode was before it was corrected.
    pub(super) fn mode_was(&self) -> Option<&str> {
        self.spelled.mode_was()
    }

    /// Checks a name or a text against its grammar.
    pub(super) fn grammar<G: Grammar>(&mut self, text: &str, span: Span) {
        if G::accepts(text) {
            return;
        }
        let shown: String = text.chars().take(60).flat_map(char::escape_default).collect();
        let finding = Diagnostic::new(G::rule(text), format!("`{shown}` is not {}", G::WORDS), span);
        if G::ends_in_break(text) {
            return self.report(ends_in_break(finding, span));
        }
        self.report(match G::mend(text) {
            Some(mended) => finding.label(format!("write `{mended}`")).help(G::HELP).fix(rename(span, text, &mended)),
            None => finding.label("not valid here").help(G::HELP),
        });
    }

    /// Adds a finding at this place.
    pub(super) fn report(&mut self, finding: Diagnostic) {
        self.found.push(finding.at(&self.path));
    }

    /// The last key that is not the index of a list.
    fn name(&self) -> &str {
        let index = |name: &&String| name.bytes().all(|byte| byte.is_ascii_digit());
        self.path.iter().rev().find(|name| !index(name)).map_or("", String::as_str)
    }
}

/// Says that a line break ends a value of one line, and offers to drop it.
pub(crate) fn ends_in_break(finding: Diagnostic, value: Span) -> Diagnostic {
    finding.label("a line break ends it").help("write it on one line, or `|-` for the `|` of a block").ending(value)
}

/// Asks whether a key was meant; an edit where that is clear and the map lacks it.
fn suggest_key(finding: Diagnostic, near: Near<'_>, key: &Key, mapping: &Mapping) -> Diagnostic {
    let clear = near.clear && mapping.get(near.name).is_none_or(|entry| entry.key.span == key.span);
    suggested(finding, Near { clear, ..near }, key.span, &key.name)
}

/// Asks whether a name was meant; an edit where that is clear.
pub(super) fn suggested(finding: Diagnostic, near: Near<'_>, span: Span, was: &str) -> Diagnostic {
    let finding = finding.help(format!("did you mean `{}`?", near.name));
    if near.clear { finding.fix(rename(span, was, near.name)) } else { finding }
}

/// Says which word was meant, and what goes with it.
pub(super) fn advised(finding: Diagnostic, meant: &Meant<'_>, span: Span, was: &str) -> Diagnostic {
    let finding = suggested(finding, Near { name: meant.name, clear: meant.clear }, span, was);
    if meant.note.is_empty() { finding } else { finding.help(format!("did you mean `{}`? {}", meant.name, meant.note)) }
}

/// The dash or dot that was mistaken for the marker of a list item.
fn bullet(node: &Node) -> Option<char> {
    let first = node.as_str()?.chars().next()?;
    matches!(first, '\u{2010}'..='\u{2015}' | '\u{2022}' | '\u{2212}' | '\u{b7}').then_some(first)
}

/// What a node is, with its value where that is short.
fn found(node: &Node) -> String {
    match &node.value {
        Value::Bool(value) => format!("the boolean `{value}`"),
        Value::Integer(value) => format!("the number `{value}`"),
        Value::Float(value) => format!("the number `{value}`"),
        _ => node.kind().to_owned(),
    }
}

/// Writes `to` instead of `was`, which stands at `span`; quotes around it stay, and come where `to` needs them.
pub(super) fn rename(span: Span, was: &str, to: &str) -> Fix {
    let length = span.range().len();
    if length == was.len() + 2 {
        // In quotes and without escapes.
        return Fix::write(Span { start: span.start + 1, end: span.end - 1, ..span }, to);
    }
    let plain = to.starts_with(|first: char| first.is_ascii_alphanumeric());
    Fix::write(span, if plain { to.to_owned() } else { format!("'{to}'") })
}
