//! The client secret, from standard input: other users of a machine see arguments.

use crate::exit::Failure;
use keyway::secret::Secret;
use std::io::{IsTerminal as _, Read as _, stdin};
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
