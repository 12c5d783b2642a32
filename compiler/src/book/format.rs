//! The format: a page for each group of keys, with a table per place.
//!
//! Maps of fields have the same keys wherever they stand, and so have token requests: each listing is printed once.
//! The texts about keys are the model's doc comments.

use super::{Page, cell};
use crate::model::{KeyDoc, Mode};
use crate::reference::{all_keys, mode_examples, names_markdown, requirement};
use std::fmt::Write as _;

/// The pages, those of every entry first.
pub(super) fn pages() -> Vec<Page> {
    let mut pages = vec![
        Page::new("entry.md", "Every entry", &entry()),
        Page::new("proxy.md", "The proxy block", &below("proxy", PROXY)),
        Page::new("fields.md", "Fields", &below(FIELD, FIELDS)),
        Page::new("keyway.md", "Keyway's own keys", &below("keyway", KEYWAY)),
        Page::new("templates.md", "Templates", &templates()),
    ];
    pages.push(Page::new("modes.md", "Auth modes", &modes()));
    pages.extend(Mode::ALL.iter().map(|mode| Page::new(file(*mode), mode.name(), &of_mode(*mode)).nested()));
    pages
}

/// The map whose fields the page of fields is made of, and those that have the same.
const FIELD: &str = "connection_config.*";
const FIELD_MAPS: [&str; 4] = ["connection_config", "credentials", "integration_config", "assertion_option"];

const PROXY: &str = "# The proxy block\n\nWhere the API is and how requests to it look.\n";
const FIELDS: &str = "# Fields\n\nEach member of `connection_config`, `credentials`, `integration_config` and `assertion_option` is a field that the \
                      customer fills in, or the operator for `integration_config`.\n";
const KEYWAY: &str = "# Keyway's own keys\n\nEverything the original format does not have stands in one map per entry, so other readers \
                      skip one key.\n";

fn file(mode: Mode) -> String {
    format!("mode-{}.md", mode.name().to_ascii_lowercase().replace('_', "-"))
}

fn entry() -> String {
    let keys: Vec<&KeyDoc> = common().filter(|doc| !doc.path.contains('.')).collect();
    let mut text = "# Every entry\n\nA catalogue is a map from provider keys to entries. These keys may stand in an entry of any auth mode; \
                    each [auth mode](modes.md) reads more.\n\n"
        .to_owned();
    text += &table(&keys);
    text
}

fn modes() -> String {
    let mut text = "# Auth modes\n\nHow an API wants its callers to sign in: `auth_mode` of an entry.\n\n\
                    | mode | |\n|---|---|\n"
        .to_owned();
    for mode in Mode::ALL {
        let _ = writeln!(text, "| [`{}`]({}) | {} |", mode.name(), file(*mode), cell(mode.facts().summary));
    }
    text
}

fn common() -> impl Iterator<Item = &'static KeyDoc> {
    all_keys().iter().filter(|doc| doc.modes.is_empty())
}

/// The keys below a place, a table for each map.
fn below(place: &str, intro: &str) -> String {
    let keys: Vec<&KeyDoc> = common().filter(|doc| doc.path.starts_with(&format!("{place}."))).collect();
    format!("{intro}{}", places(&keys))
}

fn of_mode(mode: Mode) -> String {
    let name = mode.name();
    let mut text = format!("# `{name}`\n\n{}\n", mode.facts().summary);
    let keys: Vec<&KeyDoc> = all_keys().iter().filter(|doc| doc.modes.contains(&name)).collect();
    if keys.is_empty() {
        text += "\nIt reads the keys of [every entry](entry.md) and none of its own.\n";
    } else {
        text += "\nBeside the keys of [every entry](entry.md):\n";
        text += &places(&keys);
    }
    text += "\n## Examples\n";
    for example in mode_examples(name) {
        let _ = writeln!(text, "\n```yaml\n{example}```");
    }
    text
}

/// A table for each map of keys, in the order of the reference; a listing that was printed is named.
fn places(keys: &[&KeyDoc]) -> String {
    let mut groups: Vec<(&str, Vec<&KeyDoc>)> = Vec::new();
    for doc in keys {
        let parent = doc.path.rsplit_once('.').map_or("", |(parent, _)| parent);
        match groups.iter_mut().find(|(known, _)| *known == parent) {
            Some((_, members)) => members.push(doc),
            None => groups.push((parent, vec![doc])),
        }
    }
    let mut text = String::new();
    let mut named: Vec<&str> = Vec::new();
    for (index, (parent, members)) in groups.iter().enumerate() {
        // Below a map that is like another one, everything is.
        if named.iter().any(|above| parent.strip_prefix(above).is_some_and(|below| below.starts_with(['.', '[']))) {
            continue;
        }
        let is_field = parent.strip_suffix(".*").is_some_and(|map| *parent != FIELD && FIELD_MAPS.contains(&map));
        let earlier = groups.iter().take(index).find(|(_, others)| listing(others) == listing(members));
        let like = match earlier {
            _ if is_field => Some("The keys of a [field](fields.md).".to_owned()),
            Some((known, _)) => Some(format!("The keys of `{known}`.")),
            None => None,
        };
        let title = if parent.is_empty() { "The entry".to_owned() } else { format!("`{parent}`") };
        named.extend(like.as_ref().map(|_| *parent));
        let _ = write!(text, "\n## {title}\n\n{}", like.map_or_else(|| table(members), |like| like + "\n"));
    }
    text
}

fn listing<'d>(keys: &[&'d KeyDoc]) -> Vec<(&'d str, &'d str)> {
    keys.iter().map(|doc| (last(doc), doc.doc.as_str())).collect()
}

fn last(doc: &KeyDoc) -> &str {
    doc.path.rsplit('.').next().unwrap_or_default()
}

fn table(keys: &[&KeyDoc]) -> String {
    let mut text = "| key | type | required | |\n|---|---|---|---|\n".to_owned();
    for doc in keys {
        let required = if doc.dead { "-".to_owned() } else { requirement(doc) };
        let mut meaning = doc.doc.clone();
        for (word, doc) in doc.values.iter().filter(|(_, doc)| !doc.is_empty()) {
            let _ = write!(meaning, "<br>`{word}`: {doc}");
        }
        let _ =
            writeln!(text, "| `{}` | {} | {} | {} |", last(doc), cell(&doc.type_name), cell(&required), cell(&meaning));
    }
    text
}

fn templates() -> String {
    format!(
        "# Templates\n\nA text may hold `${{name}}`. Which names there are depends on the field and on the auth mode; `NAME` stands for any that \
         the entry declares or captures. Where `||` is an operator, the first alternative whose names all have a value is taken. \
         `${{now}}` is the request's instant, `${{random}}` a UUID, both the same throughout one request.\n\n{}",
        names_markdown()
    )
}
