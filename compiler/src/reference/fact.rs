//! The facts about one key, as plain text and as Markdown.
//!
//! The sentences are the model's; this module adds labels and an example. It does not look keys up.

use super::example::example;
use crate::model::auth::When;
use crate::model::{KeyDoc, Mode, ModeKeys as _};
use std::fmt::Write as _;

/// A key for a terminal: its text, the facts in two columns, an example.
pub fn text(doc: &KeyDoc) -> String {
    let mut out = format!("{}\n\n  {}\n\n", doc.path, doc.doc);
    let facts = facts(doc);
    let width = facts.iter().map(|(label, _)| label.len()).max().unwrap_or_default();
    for (label, fact) in facts {
        let _ = writeln!(out, "  {label:width$}  {fact}");
    }
    for (word, meaning) in &doc.values {
        out += format!("    {word}  {meaning}").trim_end();
        out.push('\n');
    }
    if let Some(example) = example(doc) {
        out += "\n  example\n";
        for line in example.lines() {
            let _ = writeln!(out, "    {line}");
        }
    }
    out
}

/// A key for an editor or a page: the same facts as Markdown.
pub fn markdown(doc: &KeyDoc) -> String {
    let mut out = format!("**`{}`**\n\n{}\n\n", doc.path, doc.doc);
    for (label, fact) in facts(doc) {
        let _ = writeln!(out, "- {label}: {fact}");
    }
    for (word, meaning) in &doc.values {
        out += format!("  - `{word}` {meaning}").trim_end();
        out.push('\n');
    }
    if let Some(example) = example(doc) {
        let _ = writeln!(out, "\n```yaml\n{example}```");
    }
    out
}

/// The place of a key: `the entry`, `` `proxy.retry` ``, `` each field of `credentials` ``.
pub fn stands_in(doc: &KeyDoc) -> String {
    let Some((parent, _)) = doc.path.rsplit_once('.') else { return "the entry".to_owned() };
    match (parent.strip_suffix(".*"), parent.strip_suffix("[]")) {
        (Some(map), _) => format!("each member of `{map}`"),
        (_, Some(list)) => format!("each item of `{list}`"),
        (None, None) => format!("`{parent}`"),
    }
}

/// Whether the key must be there: `yes`, `no`, or when.
pub fn requirement(doc: &KeyDoc) -> String {
    if doc.required {
        return "yes".to_owned();
    }
    let conditions: Vec<String> = Mode::ALL
        .iter()
        .filter(|mode| doc.modes.contains(&mode.name()))
        .flat_map(|mode| mode.requires().iter().map(move |requirement| (mode.name(), requirement)))
        .filter(|(_, requirement)| requirement.key == doc.path)
        .map(|(mode, requirement)| match requirement.when {
            When::Always => format!("in `{mode}`"),
            When::Is(key, text) => format!("in `{mode}` where `{key}` is `{text}`"),
            When::IsNot(key, text) => format!("in `{mode}` unless `{key}` is `{text}`"),
        })
        .collect();
    if conditions.is_empty() { "no".to_owned() } else { conditions.join(", ") }
}

fn facts(doc: &KeyDoc) -> Vec<(&'static str, String)> {
    let mut facts = vec![("type", doc.type_name.clone()), ("stands in", stands_in(doc))];
    if doc.dead {
        facts.push(("read by", "nothing".to_owned()));
        return facts;
    }
    facts.push(("required", requirement(doc)));
    let modes: Vec<String> = doc.modes.iter().map(|mode| format!("`{mode}`")).collect();
    facts.push(("read by", if modes.is_empty() { "every mode".to_owned() } else { modes.join(", ") }));
    if !doc.values.is_empty() {
        facts.push(("values", doc.values.len().to_string()));
    }
    facts
}
