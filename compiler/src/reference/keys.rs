//! The keys of the format, found by path or by name.
//!
//! Which keys there are says the model; this module only compares paths.

use crate::diagnostic::nearest;
use crate::model::{self, KeyDoc, Mode};
use crate::resolve::ALIAS_DOC;
use std::sync::LazyLock;

/// Every key, `alias` first, then in the order of the model. A key that modes read differently is there once for each
/// meaning.
pub fn all_keys() -> &'static [KeyDoc] {
    static ALL: LazyLock<Vec<KeyDoc>> = LazyLock::new(|| {
        let alias = KeyDoc {
            path: "alias".to_owned(),
            doc: ALIAS_DOC.to_owned(),
            type_name: "a provider key".to_owned(),
            is_boolean: false,
            values: Vec::new(),
            required: false,
            dead: false,
            modes: Vec::new(),
        };
        std::iter::once(alias).chain(model::keys().iter().cloned()).collect()
    });
    &ALL
}

/// The key at a path below an entry, as a file has it: `["proxy", "retry", "at"]`,
/// `["credentials", "apiKey", "title"]`, `["additional_steps", "0", "token_url"]`. Where modes differ, what it means in
/// `mode`; for a mode that does not read it, or for none, its first meaning. Nothing for names that the file chooses.
pub fn key(path: &[&str], mode: Option<Mode>) -> Option<&'static KeyDoc> {
    let reads = |doc: &KeyDoc| doc.modes.is_empty() || mode.is_some_and(|mode| doc.modes.contains(&mode.name()));
    let mut meanings = all_keys().iter().filter(|doc| is_at(doc, path));
    let first = meanings.next()?;
    if reads(first) {
        return Some(first);
    }
    Some(meanings.find(|doc| reads(doc)).unwrap_or(first))
}

/// The keys that a name can mean: those at this dotted path, in which the star of a name that an entry chooses may be
/// left out, else those whose last part it is.
pub fn keys_of(name: &str) -> Vec<&'static KeyDoc> {
    let path: Vec<&str> = name.split('.').map(|part| part.trim_end_matches("[]")).collect();
    let without_star: Vec<&KeyDoc> = all_keys().iter().filter(|doc| is_at_without_star(doc, &path)).collect();
    if !without_star.is_empty() {
        return without_star;
    }
    let exact: Vec<&KeyDoc> = all_keys().iter().filter(|doc| is_at(doc, &path)).collect();
    if !exact.is_empty() {
        return exact;
    }
    all_keys().iter().filter(|doc| last(doc) == name).collect()
}

/// The key whose name, or path, comes nearest to a word.
pub fn nearest_key(word: &str) -> Option<&'static str> {
    let candidates =
        all_keys().iter().map(if word.contains('.') { |doc: &'static KeyDoc| doc.path.as_str() } else { last });
    nearest(word, candidates)
}

/// The last part of a key's path.
pub(super) fn last(doc: &KeyDoc) -> &str {
    doc.path.rsplit('.').next().unwrap_or_default()
}

/// True if it is a key below a name that an entry chooses, and the path leaves that name out: `connection_config.enum`
/// for `connection_config.*.enum`.
fn is_at_without_star(doc: &KeyDoc, path: &[&str]) -> bool {
    let parts = || doc.path.split('.').map(|part| part.trim_end_matches("[]"));
    parts().any(|part| part == "*") && last(doc) != "*" && parts().filter(|part| *part != "*").eq(path.iter().copied())
}

fn is_at(doc: &KeyDoc, path: &[&str]) -> bool {
    let mut rest = path;
    for part in doc.path.split('.') {
        let name = part.trim_end_matches("[]");
        match rest.split_first() {
            Some((first, others)) if *first == name || name == "*" => rest = others,
            _ => return false,
        }
        // The index of an item may be left out.
        for _ in 0..part.matches("[]").count() {
            if let Some((first, others)) = rest.split_first()
                && first.bytes().all(|byte| byte.is_ascii_digit())
            {
                rest = others;
            }
        }
    }
    rest.is_empty()
}
