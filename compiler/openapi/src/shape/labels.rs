//! Names within a scope: of variants, of fields, and what stands behind the name of a type that is sent.

use super::types::Direction;
use crate::read::At;
use keyway_compiler::lower::names::{camel, escape};
use std::collections::HashSet;

/// Behind the name of a schema that is sent: the same schema may be read, too.
pub(super) fn suffix(at: &At<'_>, direction: Direction) -> &'static str {
    const SENT: [&str; 6] = ["request", "input", "body", "params", "parameters", "payload"];
    let name = at.name().to_ascii_lowercase();
    let says_so = SENT.iter().any(|word| name.ends_with(word));
    if direction == Direction::Request && !says_so { "Input" } else { "" }
}

/// The variant of a value. A sign is said, so that `+1` and `-1` are two.
pub(super) fn variant(value: &str) -> String {
    let signed = |sign: &str| value.strip_prefix(sign).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    match (signed("-"), signed("+")) {
        _ if value.is_empty() => "Empty".to_owned(),
        (Some(rest), _) => format!("Minus{}", camel(rest)),
        (_, Some(rest)) => format!("Plus{}", camel(rest)),
        _ => escape(&camel(value)),
    }
}

pub(super) fn fallback(scope: &mut HashSet<String>) -> String {
    let word = if scope.contains("Other") { "Unlisted" } else { "Other" };
    distinct(scope, word)
}

/// A name, or with a number behind it where it is taken.
pub(crate) fn distinct(scope: &mut HashSet<String>, base: &str) -> String {
    let stem = base.trim_end_matches('_');
    let joint = if stem.contains(|c: char| c.is_ascii_uppercase()) && !stem.ends_with(|c: char| c.is_ascii_digit()) {
        ""
    } else {
        "_"
    };
    if scope.insert(base.to_owned()) { base.to_owned() } else { numbered(scope, joint, stem) }
}

/// A name that is taken, with a number behind it, from 2 on. It is found by halving, for there may be many alike.
pub(crate) fn numbered(scope: &mut HashSet<String>, joint: &str, base: &str) -> String {
    let name = |count: usize| format!("{base}{joint}{count}");
    let (mut taken, mut free) = (1, 2);
    while scope.contains(&name(free)) {
        (taken, free) = (free, free * 2);
    }
    while free - taken > 1 {
        let middle = taken + (free - taken) / 2;
        if scope.contains(&name(middle)) { taken = middle } else { free = middle }
    }
    let name = name(free);
    scope.insert(name.clone());
    name
}
