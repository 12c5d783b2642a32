//! The last look: whether anything that was replaced, or must not be there at all, is in what will be written.
//!
//! Tables may have a gap; this looks for values and not for names. It passes over those that stay elsewhere as words,
//! and over short ones, which occur by chance.

use super::RedactionFailed;
use super::stand_ins::StandInTable;
use keyway::Secret;
use keyway::mask::Masker;
use std::collections::BTreeSet;

/// Shorter values occur by chance.
const MIN_VALUE: usize = 6;

/// An error where one of the texts holds a secret in any spelling, or a value that was replaced.
pub(super) fn check<'t>(
    table: &StandInTable,
    secrets: &[Secret],
    texts: impl IntoIterator<Item = &'t str>,
) -> Result<(), RedactionFailed> {
    let masker = Masker::new(secrets.iter().filter(|secret| secret.expose().chars().count() >= MIN_VALUE));
    let values: Vec<&str> = table.replaced().filter(|value| value.len() >= MIN_VALUE).collect();
    for text in texts {
        if masker.text(text) != text {
            return Err(RedactionFailed::Secret);
        }
        let tokens: BTreeSet<&str> = text.split(|c: char| !is_of_token(c)).collect();
        let is_there = |value: &&str| {
            if value.chars().all(is_of_token) { tokens.contains(*value) } else { text.contains(*value) }
        };
        if values.iter().any(is_there) {
            return Err(RedactionFailed::Value);
        }
    }
    Ok(())
}

/// A value of these alone is looked for as a whole: `create` is in `created_at` by chance.
fn is_of_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::super::shapes::ValueClass;
    use super::*;

    #[test]
    fn a_value_that_was_replaced_is_found_wherever_it_stands() {
        let mut table = StandInTable::default();
        for value in ["usr_91abc", "Ann Smith", "create", "x y"] {
            table.of(value, ValueClass::Text);
        }
        table.of("sort_word", ValueClass::Text);
        table.stays("sort_word");
        let secrets = [Secret::from("s3cret/value")];
        for (text, expected) in [
            (r#"{"id":"usr_91abc"}"#, Err(RedactionFailed::Value)),
            ("dear Ann Smith,", Err(RedactionFailed::Value)),
            ("?a=s3cret%2Fvalue", Err(RedactionFailed::Secret)),
            (r#"{"created_at":1,"x y":2,"sort_word":3}"#, Ok(())),
            ("", Ok(())),
        ] {
            assert_eq!(check(&table, &secrets, [text]), expected, "{text}");
        }
    }
}
