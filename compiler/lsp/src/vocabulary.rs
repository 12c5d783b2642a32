//! The format's keys at a place.
//!
//! Everything comes from the compiler's reference. Items of lists have no part in a path here.

use keyway_compiler::model::{KeyDoc, Mode};
use keyway_compiler::reference::{all_keys, key};

/// The keys that a map at a path may have in an auth mode; without a mode, those of all modes. Keys that nothing reads
/// are left out.
pub(crate) fn keys_below(path: &[&str], mode: Option<Mode>) -> Vec<&'static KeyDoc> {
    let mut found: Vec<&'static KeyDoc> = Vec::new();
    for doc in all_keys() {
        let (parent, name) = doc.path.rsplit_once('.').unwrap_or(("", &doc.path));
        let reads = doc.modes.is_empty() || mode.is_none_or(|mode| doc.modes.contains(&mode.name()));
        let known = || found.iter().any(|other| self::name(other) == name);
        if reads && !doc.dead && is_at(parent, path) && !known() {
            found.push(doc);
        }
    }
    found
}

/// The reference of the key at a path.
pub(crate) fn doc(path: &[&str], mode: Option<Mode>) -> Option<&'static KeyDoc> {
    key(path, mode)
}

/// The name of a key.
pub(crate) fn name(doc: &KeyDoc) -> &str {
    doc.path.rsplit('.').next().unwrap_or_default()
}

/// True if a path of the reference is this one.
fn is_at(pattern: &str, path: &[&str]) -> bool {
    let mut steps = path.iter();
    let fits = pattern.split('.').filter(|part| !part.is_empty()).all(|part| {
        let part = part.trim_end_matches("[]");
        steps.next().is_some_and(|step| part == "*" || part == *step)
    });
    fits && steps.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_depend_on_place_and_mode() {
        for (at, mode, has, lacks) in [
            ("", None, "authorization_url", "base_url"),
            ("", None, "alias", "decode_url"),
            ("", Some("OAUTH2"), "authorization_url", "request_url"),
            ("", Some("API_KEY"), "display_name", "authorization_url"),
            ("proxy", Some("API_KEY"), "base_url", "display_name"),
            ("credentials apiKey", None, "title", "base_url"),
            ("additional_steps", Some("TWO_STEP"), "token_url", "title"),
            ("keyway", None, "allow", "docs"),
            ("credentials", None, "", "title"),
            ("no such", None, "", "title"),
        ] {
            let path: Vec<&str> = at.split_whitespace().collect();
            let names: Vec<&str> = keys_below(&path, mode.and_then(Mode::parse)).into_iter().map(name).collect();
            assert!(has.is_empty() || names.contains(&has), "{at} {mode:?}: {names:?}");
            assert!(!names.contains(&lacks), "{at} {mode:?}: {names:?}");
        }
    }
}
