//! The reference of the format and of the rules, by name.
//!
//! Everything here is looked up: the text of a key is the doc comment of the model, the text of a rule is its page.
//! `explain`, hover texts and the book print what this module finds.
//!
//! | file | what |
//! |---|---|
//! | `keys` | a key of the format, by its path or its name |
//! | `fact` | what is said about a key: type, place, modes, values, an example |
//! | `modes` | what is said about a mode |
//! | `names` | the names that templates know, by field and mode |
//! | `rules` | the rules of all stages, with their pages |
//! | `example` | the lines of `examples.yaml` that show a key |
//!
//! This module reads no catalogue of a user and reports nothing.

mod example;
mod fact;
mod keys;
mod modes;
mod names;
mod rules;
#[cfg(test)]
mod tests;

pub use example::{EXAMPLES, example};
pub use fact::{markdown, requirement, stands_in, text};
pub use keys::{all_keys, key, keys_of, nearest_key};
pub use modes::{mode_examples, mode_text};
pub use names::markdown as names_markdown;
pub use rules::{RuleDoc, all_rules, nearest_rule, rules_of};
