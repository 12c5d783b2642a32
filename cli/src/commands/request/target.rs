//! The target of a request: an operation of the entry by its name, or a method with a path.

use super::Args;
use crate::exit::Failure;
use keyway::operation;
use keyway_spec::{Operation, ProviderSpec};

/// The target of a request.
pub(super) enum Target<'a> {
    /// An operation of the entry.
    Operation(&'static Operation),
    /// A method and a path.
    Raw { method: &'a str, path: &'a str },
}

/// Methods that a word alone may be meant as.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Tells the two apart: a path begins with `/`, the name of an operation never does.
pub(super) fn target<'a>(spec: &ProviderSpec, args: &'a Args) -> Result<Target<'a>, Failure> {
    let key = spec.key;
    let is_operation = |word: &str| spec.operations.iter().any(|operation| operation.name == word);
    let is_method = |word: &str| METHODS.iter().any(|method| word.eq_ignore_ascii_case(method));
    match (args.target.as_deref(), args.path.as_deref()) {
        (None, _) => Err(Failure::usage(format!(
            "say what is asked for: an operation (`keyway request {key} --list` shows those that there are), or a method \
             and a path"
        ))),
        (Some(word), Some(_)) if is_operation(word) => Err(Failure::usage(format!(
            "`{word}` is an operation of `{key}`, which has its own path: leave the path out, or write `{}` where the \
             method is meant",
            word.to_uppercase()
        ))),
        (Some(method), Some(path)) => Ok(Target::Raw { method, path }),
        (Some(path), None) if path.starts_with(['/', '?']) || path.is_empty() => {
            Ok(Target::Raw { method: "GET", path })
        }
        (Some(word), None) if is_method(word) && !is_operation(word) => {
            Err(Failure::usage(format!("give the path behind `{word}`: `keyway request {key} {word} /path`")))
        }
        (Some(word), None) if word.contains('/') => {
            Err(Failure::usage(format!("a path begins with `/`: `keyway request {key} GET /{word}`")))
        }
        (Some(name), None) => operation::find(spec, name).map(Target::Operation).map_err(Failure::usage),
    }
}

/// Refuses options that say nothing of a call by method and path.
pub(super) fn only_for_operations(args: &Args) -> Result<(), Failure> {
    let given = [
        ("--param", !args.param.is_empty()),
        ("--param-json", !args.param_json.is_empty()),
        ("--page-size", args.page_size.is_some()),
        ("--pages", args.pages.is_some()),
    ];
    match given.iter().find(|(_, is_given)| *is_given) {
        Some((option, _)) => Err(Failure::usage(format!(
            "`{option}` goes with the name of an operation: write parameters of a path into its query, or into `--data`"
        ))),
        None => Ok(()),
    }
}
