//! Secrets from standard input or a file: other users of a machine see arguments.
//!
//! No message repeats anything of what was read.

use crate::exit::Failure;
use keyway::secret::Secret;
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{IsTerminal as _, Read, stdin};
use std::path::Path;
use zeroize::Zeroizing;

/// The longest secret, in bytes. A private key in PEM has a few thousand.
const MAX_SECRET: u64 = 64 << 10;

/// Reads it to the end of the input, without its last line break; at a terminal, what is typed is not shown.
pub(super) fn client_secret() -> Result<Secret, Failure> {
    let cannot = |error: std::io::Error| Failure::usage(format!("cannot read the client secret: {error}"));
    if stdin().is_terminal() {
        return checked(&rpassword::prompt_password("Client secret: ").map(Zeroizing::new).map_err(cannot)?);
    }
    let mut text = Zeroizing::new(String::new());
    stdin().lock().take(MAX_SECRET + 1).read_to_string(&mut text).map_err(cannot)?;
    checked(&text)
}

/// The largest JSON object, in bytes: what a server takes.
const MAX_OBJECT: u64 = 1 << 20;

/// True for the name of a file that stands for standard input.
pub(super) fn is_standard_input(file: &Path) -> bool {
    file == Path::new("-")
}

/// A JSON object out of a file, or of standard input for `-`. `option` is the one that takes the name of a file.
pub(super) fn object(file: &Path, option: Option<&str>) -> Result<Map<String, Value>, Failure> {
    let named = file.display();
    let cannot = |error: std::io::Error| Failure::usage(format!("cannot read `{named}`: {error}"));
    let mut text = Zeroizing::new(String::new());
    if is_standard_input(file) {
        if stdin().is_terminal() {
            // What is typed there would be seen.
            let or = option.map_or_else(String::new, |option| format!(", or name one with `{option} FILE`"));
            return Err(Failure::usage(format!("there is nothing on standard input: give it a file (`< FILE`){or}")));
        }
        read(stdin().lock(), &mut text).map_err(cannot)?;
    } else {
        read(File::open(file).map_err(cannot)?, &mut text).map_err(cannot)?;
    }
    if text.len() as u64 > MAX_OBJECT {
        let limit = MAX_OBJECT >> 10;
        return Err(Failure::usage(format!("`{named}` is longer than {limit} KiB; is it the right file?")));
    }
    match serde_json::from_str(&text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Failure::usage(format!("`{named}` holds JSON that is no object"))),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            Err(Failure::usage(format!("`{named}` is not JSON: line {line}, column {column}")))
        }
    }
}

fn read(from: impl Read, text: &mut String) -> std::io::Result<usize> {
    from.take(MAX_OBJECT + 1).read_to_string(text)
}

/// Every text in a value, so that none of them is repeated in an error.
pub(super) fn texts(value: &Value) -> Vec<Secret> {
    match value {
        Value::String(text) => vec![Secret::new(text.as_str())],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

fn checked(text: &str) -> Result<Secret, Failure> {
    if text.len() as u64 > MAX_SECRET {
        let limit = MAX_SECRET >> 10;
        return Err(Failure::usage(format!("the client secret is longer than {limit} KiB; is it the right input?")));
    }
    let line = text.strip_suffix('\n').unwrap_or(text);
    let secret = line.strip_suffix('\r').unwrap_or(line);
    if secret.trim().is_empty() {
        return Err(Failure::usage(
            "there is no client secret on standard input: `--client-secret-stdin` reads it from there (`< secret.txt`)",
        ));
    }
    Ok(Secret::new(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_the_input_without_its_last_line_break() {
        for (input, expected) in [
            ("s3cret\n", Some("s3cret")),
            ("s3cret\r\n", Some("s3cret")),
            ("s3cret", Some("s3cret")),
            (" s \n", Some(" s ")),
            ("-----BEGIN\nabc\n-----END\n", Some("-----BEGIN\nabc\n-----END")),
            ("\n", None),
            ("", None),
        ] {
            assert_eq!(checked(input).ok().as_ref().map(Secret::expose), expected, "{input:?}");
        }
        assert!(checked(&"x".repeat(65537)).is_err());
    }
}
