//! Allowing a finding: `keyway: {allow: {rule: reason}}`, written into the entry by a text edit.
//!
//! Offered only where it is sound. The rule must be one that an entry may allow, and the edited entry must read as
//! before but for the new line, which is checked. An entry that inherits a `keyway` map gets none: one of its own would
//! replace the inherited one. The author writes the reason.

use crate::session::View;
use keyway_compiler::diagnostic::{Diagnostic, Edit, Fix};
use keyway_compiler::resolve::Resolved;
use keyway_compiler::rules::LINTS;
use keyway_compiler::source::{FileId, Span};
use keyway_compiler::syntax::{Mapping, Node, Value, parse};

/// The placeholder for the reason.
const REASON: &str = "say why this is meant";

/// The edit that allows a finding.
pub(super) fn fix(view: &View<'_>, finding: &Diagnostic) -> Option<Fix> {
    let rule = finding.rule.name;
    let entry = view.entry(finding.provider()?)?;
    if !LINTS.iter().any(|lint| lint.rule.name == rule) {
        return None;
    }
    let edit = edit(view, entry, rule)?;
    is_sound(view, entry, &edit, rule).then(|| Fix { title: format!("allow `{rule}` here"), edits: vec![edit] })
}

fn edit(view: &View<'_>, entry: &Resolved, rule: &str) -> Option<Edit> {
    let body = Node { span: own_keys(entry)?, value: Value::Mapping(own(entry)) };
    match entry.body.get("keyway") {
        None => insert(view, &body, &["keyway", "allow", rule]),
        Some(keyway) if entry.inherits(keyway.key.span) => None,
        Some(keyway) => match keyway.value.as_mapping()?.get("allow") {
            None => insert(view, &keyway.value, &["allow", rule]),
            Some(allow) => insert(view, &allow.value, &[rule]),
        },
    }
}

/// The keys that an entry writes itself.
fn own(entry: &Resolved) -> Mapping {
    let own = entry.body.iter().filter(|item| !entry.inherits(item.key.span));
    let mut entries: Vec<_> = own.cloned().collect();
    entries.sort_by_key(|item| item.key.span);
    Mapping { entries }
}

/// From the first own key to the end of the entry.
fn own_keys(entry: &Resolved) -> Option<Span> {
    let first = own(entry).entries.first()?.key.span;
    Some(Span { start: first.start, ..entry.span })
}

/// Adds nested keys to a map, after its last one, in the style of the map.
fn insert(view: &View<'_>, map: &Node, keys: &[&str]) -> Option<Edit> {
    let members = map.as_mapping()?;
    let text = view.text.as_str();
    let (first, last) = (members.entries.first()?, members.entries.last()?);
    let at = view.bytes(first.key.span).start;
    let indent = text.get(..at)?.rsplit('\n').next()?;
    let end = view.bytes(last.key.span.to(last.value.span)).end;
    if indent.bytes().all(|byte| byte == b' ') && !indent.is_empty() {
        let line_end = text.get(end..)?.find('\n').map_or(text.len(), |at| end + at);
        let trailing = text.get(end..line_end)?.trim();
        if !trailing.is_empty() && !trailing.starts_with('#') && !is_closing(trailing) {
            return None;
        }
        let step = indent.len().min(4);
        let mut lines = String::new();
        for (depth, key) in keys.iter().enumerate() {
            let value = if depth + 1 == keys.len() { format!(" {REASON}") } else { String::new() };
            lines.extend(["\n", indent, &" ".repeat(step * depth), key, ":", &value]);
        }
        let behind = text.get(..line_end)?.trim_end_matches('\r').len();
        return Some(Edit { span: view.span(&(behind..behind)), replacement: lines });
    }
    let nested = keys.iter().rev().fold(REASON.to_owned(), |inner, key| {
        if inner == REASON { format!("{key}: {inner}") } else { format!("{key}: {{{inner}}}") }
    });
    Some(Edit { span: view.span(&(end..end)), replacement: format!(", {nested}") })
}

/// True if a text only closes brackets of values.
fn is_closing(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'}' | b']' | b' '))
}

/// True if the entry, edited, says what it said and allows the rule.
fn is_sound(view: &View<'_>, entry: &Resolved, edit: &Edit, rule: &str) -> bool {
    let text = view.text.as_str();
    let whole = view.bytes(entry.span);
    let at = view.bytes(edit.span).start;
    // The span of an entry leaves out the brackets that close it.
    let from = whole.end.max(at);
    let next = |line: &str| line.starts_with(|c: char| !c.is_whitespace() && !matches!(c, '#' | '}' | ']'));
    let rest = text.get(from..).unwrap_or("");
    let ends = rest.match_indices('\n').map(|(at, _)| at + 1).find(|at| rest.get(*at..).is_some_and(next));
    let end = from + ends.unwrap_or(rest.len());
    let (Some(before), Some(behind)) = (text.get(whole.start..at), text.get(at..end)) else { return false };
    let (edited, _) = parse(FileId(0), &format!("{before}{}{behind}", edit.replacement));
    let Some(now) = edited.entries.entries.first().and_then(|entry| entry.value.as_mapping()) else { return false };
    let allowed = || now.get("keyway")?.value.as_mapping()?.get("allow")?.value.as_mapping()?.get(rule)?.value.as_str();
    let (original, _) = parse(FileId(0), text.get(whole.start..end).unwrap_or(""));
    let size = original.entries.entries.first().map_or(0, |entry| entry.value.size());
    let added = 2 * match edit.replacement.matches(':').count() {
        0 => return false,
        keys => keys,
    };
    let grown = edited.entries.entries.first().map_or(0, |entry| entry.value.size());
    edited.lost.is_empty() && edited.entries.entries.len() == 1 && allowed() == Some(REASON) && grown == size + added
}
