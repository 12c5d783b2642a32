//! Names and sentences of a document, as an entry has them.

use crate::shape::numbered;
use keyway_compiler::lower::names::snake;
use std::collections::HashSet;

/// The most characters of a sentence.
const MAX_SENTENCE: usize = 160;

/// The name of an endpoint: `issues/list-for-repo` is `issues.list_for_repo`.
pub(super) fn endpoint(id: &str) -> String {
    let parts = id.split(['/', '.']).filter(|part| part.contains(|c: char| c.is_ascii_alphanumeric()));
    let words: Vec<String> = parts.map(word).collect();
    if words.is_empty() { "unnamed".to_owned() } else { words.join(".") }
}

/// A word of such a name: it begins with a letter.
fn word(part: &str) -> String {
    let word = snake(part);
    if word.starts_with(|c: char| c.is_ascii_lowercase()) { word } else { format!("n{word}") }
}

/// The name of a value of a path; it is the entry's own, so it may differ from the document's.
pub(super) fn placeholder(name: &str) -> String {
    let fits = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if fits { name.to_owned() } else { word(name) }
}

/// A name that none before has.
pub(super) fn distinct(taken: &mut HashSet<String>, name: &str) -> String {
    if taken.insert(name.to_owned()) { name.to_owned() } else { numbered(taken, "_", name) }
}

/// The first sentence of a text, on one line; `None` where it is none, or too long.
pub(super) fn sentence(text: &str) -> Option<String> {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    let flat = paragraph.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let flat = flat.collect::<Vec<_>>().join(" ");
    let end = flat.find(". ").map_or(flat.len(), |at| at + 1);
    let first = flat.get(..end)?.trim();
    let is_short = !first.is_empty() && first.chars().count() <= MAX_SENTENCE;
    is_short.then(|| if first.ends_with(['.', '!', '?']) { first.to_owned() } else { format!("{first}.") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_format() {
        for (id, expected) in [
            ("issues/list-for-repo", "issues.list_for_repo"),
            ("users.getByID", "users.get_by_id"),
            ("GetAccounts", "get_accounts"),
            ("get_/v1/a", "get.v1.a"),
            ("2fa/check", "n2fa.check"),
            ("/./", "unnamed"),
            ("\u{fc}", "unnamed"),
        ] {
            assert_eq!(endpoint(id), expected, "{id}");
        }
        let mut taken = HashSet::new();
        let names = ["a", "a", "a_2", "a"].map(|name| distinct(&mut taken, name));
        assert_eq!(names, ["a", "a_2", "a_2_2", "a_3"]);
    }

    #[test]
    fn a_sentence_is_the_first_one() {
        for (text, expected) in [
            ("List issues", Some("List issues.")),
            ("List\n  issues. They are many.", Some("List issues.")),
            ("e.g. this", Some("e.g.")),
            ("One?\n\nTwo", Some("One?")),
            ("a\u{1b}[31mb", Some("a [31mb.")),
            (" ", None),
            ("", None),
        ] {
            assert_eq!(sentence(text).as_deref(), expected, "{text:?}");
        }
        assert_eq!(sentence(&"x".repeat(200)), None);
    }
}
