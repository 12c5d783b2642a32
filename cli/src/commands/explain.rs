//! `keyway explain`: the page of a rule, or the meaning of a key or a mode of the format.
//!
//! The words are the compiler's; nothing is explained here.

use crate::exit::{Exit, Failure, written};
use keyway_compiler::diagnostic::nearest;
use keyway_compiler::reference::{self, keys_of, mode_text, nearest_key, nearest_rule, rules_of};
use keyway_spec::Mode;
use std::io::{self, Write};

const EXAMPLES: &str = "\
Examples:
  keyway explain unbounded-host    a rule: what it checks, why, an example and its corrected form
  keyway explain KW0321            the same rule, by its code
  keyway explain proxy.retry.at    a key: its type, its values, which modes read it, an example
  keyway explain token_url         a key by its name: every place it stands in
  keyway explain TWO_STEP          an auth mode: the keys that it reads, an entry

`keyway rules` lists the rules.";

/// What to explain.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A rule's name or code, a key of the format, or an auth mode
    #[arg(value_name = "RULE|CODE|KEY|MODE")]
    name: String,
}

/// Explains it.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let text = explanation(&args.name).ok_or_else(|| Failure::usage(unknown(&args.name)))?;
    written(io::stdout().lock().write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

fn explanation(name: &str) -> Option<String> {
    let rules = rules_of(name);
    if !rules.is_empty() {
        return Some(rules.iter().map(|doc| doc.text()).collect::<Vec<_>>().join("\n"));
    }
    // A mode has keys of its name, which say less.
    if let Some(text) = mode_text(name) {
        return Some(text);
    }
    let keys = keys_of(name);
    let first = keys.first()?;
    if keys.iter().all(|doc| doc.path == first.path) {
        return Some(
            keys.iter().map(|doc| reference::text(doc)).collect::<Vec<_>>().join("\n") + &elsewhere(name, &first.path),
        );
    }
    let places: Vec<String> = keys.iter().map(|doc| format!("  {}\n      {}\n", doc.path, doc.doc)).collect();
    Some(format!("`{name}` stands in {} places; name one for more:\n\n{}", places.len(), places.concat()))
}

/// Other places that have a key of this name.
fn elsewhere(name: &str, path: &str) -> String {
    let same_name = |other: &&str| other.rsplit('.').next() == Some(name) && **other != *path;
    let mut others: Vec<&str> = reference::all_keys().iter().map(|doc| doc.path.as_str()).filter(same_name).collect();
    others.dedup();
    if others.is_empty() { String::new() } else { format!("\nAlso: {}\n", others.join(", ")) }
}

fn unknown(name: &str) -> String {
    let modes = || Mode::ALL.iter().map(|mode| mode.name());
    // Capitals mean a mode.
    let is_capital = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let mode = nearest(name, modes()).filter(|_| is_capital);
    let near: Vec<&str> = nearest_rule(name).into_iter().chain(nearest_key(name)).chain(modes()).collect();
    let next = match mode.or_else(|| nearest(name, near.iter().copied())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`keyway rules` lists the rules; `keyway explain proxy` begins with a key".to_owned(),
    };
    format!("there is no rule, no key and no mode `{name}`; {next}")
}
