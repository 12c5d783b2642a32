//! What people are asked for.
//!
//! A credential that the mode asks for by itself is a field whether an entry relabels it or not. Titles and the like are
//! the rest's.

use super::pattern::{Verdict, compare as compare_patterns};
use super::side::{Pair, Side};
use super::{Change, Kind};
use crate::syntax::{Mapping, Value};
use crate::template::scope::standard_credentials;

const MAPS: [&str; 4] = ["connection_config", "credentials", "integration_config", "assertion_option"];

/// Changes of fields.
pub(super) fn compare(pair: &Pair<'_>) -> Vec<Change> {
    MAPS.iter().flat_map(|map| fields(pair, map)).collect()
}

fn fields(pair: &Pair<'_>, map: &str) -> Vec<Change> {
    let (old, new) = (names(&pair.old, map), names(&pair.new, map));
    let mut changes = Vec::new();
    for name in &old {
        if !new.contains(name) && !is_standard(&pair.new, map, name) {
            changes.push(pair.change(Kind::FieldRemoved, &[map, name], format!("the field `{name}` is gone")));
        }
    }
    for name in &new {
        let path = [map, name];
        let Some(after) = pair.new.map(&path) else { continue };
        match pair.old.map(&path) {
            Some(before) => changes.extend(field(pair, &path, before, after)),
            None if is_standard(&pair.old, map, name) => {}
            None if is_required(after) => {
                changes.push(pair.change(
                    Kind::RequiredFieldAdded,
                    &path,
                    format!("`{name}` is new and must be given"),
                ));
            }
            None => {
                changes.push(pair.change(
                    Kind::OptionalFieldAdded,
                    &path,
                    format!("`{name}` is new and may be left out"),
                ));
            }
        }
    }
    changes
}

fn names<'c>(side: &Side<'c>, map: &str) -> Vec<&'c str> {
    side.map(&[map]).into_iter().flatten().map(|entry| entry.key.name.as_str()).collect()
}

fn is_standard(side: &Side<'_>, map: &str, name: &str) -> bool {
    map == "credentials" && side.text(&["auth_mode"]).is_some_and(|mode| standard_credentials(mode).contains(&name))
}

/// Whether somebody has to enter a value.
fn is_required(field: &Mapping) -> bool {
    let flag = |key: &str| field.get(key).is_some_and(|entry| entry.value.value == Value::Bool(true));
    !["optional", "hidden", "automated"].into_iter().any(flag) && field.get("default_value").is_none()
}

/// A field that is in both.
fn field(pair: &Pair<'_>, path: &[&str; 2], old: &Mapping, new: &Mapping) -> Vec<Change> {
    let [map, name] = path;
    let mut changes = Vec::new();
    match (is_required(old), is_required(new)) {
        (false, true) => {
            changes.push(pair.change(Kind::RequiredFieldAdded, path, format!("`{name}` must be given now")));
        }
        (true, false) => {
            changes.push(pair.change(Kind::OptionalFieldAdded, path, format!("`{name}` may be left out now")));
        }
        _ => {}
    }
    let text = |field: &Mapping, key: &str| field.get(key).and_then(|entry| entry.value.as_str()).map(str::to_owned);
    let at = [map, name, "pattern"];
    let verdict = compare_patterns(text(old, "pattern").as_deref(), text(new, "pattern").as_deref());
    changes.extend(verdict.and_then(|verdict| said(name, &verdict)).map(|(kind, said)| pair.change(kind, &at, said)));
    changes.extend(choices(pair, path));
    changes.extend(format_of(pair, path, text(old, "format").as_deref(), text(new, "format").as_deref()));
    changes
}

fn said(name: &str, verdict: &Verdict) -> Option<(Kind, String)> {
    let shown = |witness: &str| if witness.is_empty() { "an empty value".to_owned() } else { format!("`{witness}`") };
    match verdict {
        Verdict::Narrowed(witness) => {
            Some((Kind::PatternNarrowed, format!("the pattern of `{name}` no longer matches {}", shown(witness))))
        }
        Verdict::Widened(witness) => {
            Some((Kind::PatternWidened, format!("the pattern of `{name}` now also matches {}", shown(witness))))
        }
        // Looked at as if it broke: nobody can say that it does not.
        Verdict::Undecided => Some((
            Kind::PatternNarrowed,
            format!("the pattern of `{name}` is another; whether it matches less cannot be decided"),
        )),
        Verdict::Same => None,
    }
}

fn choices(pair: &Pair<'_>, path: &[&str; 2]) -> Option<Change> {
    let [map, name] = path;
    let at = [*map, *name, "enum"];
    let (old, new) = (pair.old.texts(&at), pair.new.texts(&at));
    let (had, has) = (pair.old.get(&at).is_some(), pair.new.get(&at).is_some());
    let gone: Vec<&str> = old.iter().copied().filter(|choice| has && !new.contains(choice)).collect();
    let added: Vec<&str> = new.iter().copied().filter(|choice| had && !old.contains(choice)).collect();
    let (kind, message) = match (had, has) {
        (false, true) => (Kind::PatternNarrowed, format!("`{name}` takes only {} now", list(&new))),
        (true, false) => (Kind::PatternWidened, format!("`{name}` takes any value now")),
        _ if !gone.is_empty() => (Kind::PatternNarrowed, format!("`{name}` no longer takes {}", list(&gone))),
        _ if !added.is_empty() => (Kind::PatternWidened, format!("`{name}` also takes {}", list(&added))),
        _ => return None,
    };
    Some(pair.change(kind, &at, message))
}

fn format_of(pair: &Pair<'_>, path: &[&str; 2], old: Option<&str>, new: Option<&str>) -> Option<Change> {
    let [map, name] = path;
    let (kind, message) = match (old, new) {
        (old, Some(new)) if old != Some(new) => (Kind::PatternNarrowed, format!("`{name}` takes only a {new} now")),
        (Some(_), None) => (Kind::PatternWidened, format!("`{name}` takes any text now")),
        _ => return None,
    };
    Some(pair.change(kind, &[map, name, "format"], message))
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
