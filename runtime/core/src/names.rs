//! The grammar of the names that callers choose: keys of integrations, ids of connections.
//!
//! A name stands in paths, in the values of headers and in logs, so one that any of these reads as another name is
//! refused where it is made: a header's value loses its outer blanks (RFC 9110 section 5.5), and a path loses its dot
//! segments (RFC 3986 section 5.2.4). What is stored already can still be read, renamed and removed.

use crate::error::{Error, ErrorKind, Result};

/// The longest name, in bytes: the names of a call have to fit into its header.
const MAX_NAME: usize = 1024;

/// Path segments of the HTTP interface that cannot be names.
const RESERVED: [&str; 3] = ["metadata", "quickstart", "sessions"];

/// Refuses a name that could not be used everywhere. `what` says in the error whose name it is.
pub fn check(what: &str, name: &str) -> Result<()> {
    let reason = if name.is_empty() {
        "is empty".to_owned()
    } else if name.len() > MAX_NAME {
        format!("is longer than {MAX_NAME} bytes")
    } else if name.chars().any(char::is_control) {
        "has a control character".to_owned()
    } else if name.trim() != name {
        "begins or ends with a blank".to_owned()
    } else if matches!(name, "." | "..") {
        format!("is `{name}`, which is no name in a path")
    } else if RESERVED.contains(&name) {
        format!("is `{name}`, which is the name of a route")
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidValue, format!("{what} {reason}: choose another one")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_something_would_read_as_another_is_refused() {
        let long = "x".repeat(MAX_NAME + 1);
        for name in [
            "",
            " a",
            "a ",
            "\u{a0}a",
            "a\u{2003}",
            "\ta",
            "a\tb",
            "a\nb",
            "a\0",
            "\u{7f}",
            "a\u{85}b",
            ".",
            "..",
            "metadata",
            "quickstart",
            "sessions",
            &long,
        ] {
            let error = check("the id", name).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidValue, "{name:?}");
            assert!(error.message().starts_with("the id ") && !error.message().contains('\n'), "{error}");
        }
    }

    #[test]
    fn every_other_name_is_taken() {
        let long = "x".repeat(256);
        for name in [
            "a",
            "A",
            "a b",
            "a/b",
            "a%2Fb",
            "...",
            "a..",
            "a?b",
            "a#b",
            "a+b",
            "a:b@c",
            "user|1",
            "${x}",
            "a,b",
            "null",
            "a\\b",
            "a;b",
            "a\"b",
            "%",
            "ü",
            "😀",
            "metadata2",
            "Metadata",
            &long,
        ] {
            check("the id", name).unwrap_or_else(|error| panic!("{name:?}: {error}"));
        }
    }
}
