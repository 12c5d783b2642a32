//! The words for a server that is not reached, or does not come to the end of its answer.

use super::refused::{NoAnswer, without_code};
use crate::harmless::harmless;
use keyway::{Error, ErrorKind};
use std::error::Error as _;
use std::time::Duration;

/// The beginning of rustls' words for a certificate that is not trusted.
const CERTIFICATE: &str = "invalid peer certificate";

/// The server was not reached, or the connection broke.
pub(super) fn not_reached(address: &str, error: &Error) -> NoAnswer {
    let (cause, message) = (cause(error), harmless(error.message()));
    let said = cause.as_ref().map(|cause| format!(" ({cause})")).unwrap_or_default();
    without_code(match error.kind() {
        ErrorKind::HostNotAllowed => format!("{address} is never asked: {message}"),
        ErrorKind::Timeout => format!("{message}: is {address} the right address, and is its network reachable?"),
        ErrorKind::Unreachable if cause.is_some_and(|cause| cause.starts_with(CERTIFICATE)) => format!(
            "{address} proves itself with a certificate that is not trusted{said}: is it the right server? `--extra-roots FILE` \
             trusts a company's own authority"
        ),
        ErrorKind::Unreachable if error.evidence().sent == Some(false) => format!(
            "no server can be reached at {address}{said}: start one with `keyway serve`, or name another with `--server` or \
             KEYWAY_SERVER"
        ),
        ErrorKind::Unreachable => format!(
            "the connection to {address} broke{said}: is it the address of a Keyway? A change may have been made; `list` and \
             `show` say so"
        ),
        _ => format!("{address} does not answer as Keyway does ({message}): is it the address of a Keyway?"),
    })
}

/// The innermost reason of an error of the network's.
fn cause(error: &Error) -> Option<String> {
    let mut at = error.source();
    let mut last = None;
    while let Some(source) = at {
        last = Some(harmless(&source.to_string()));
        at = source.source();
    }
    last
}

/// The answer broke off, or is larger than any answer of Keyway.
pub(super) fn not_read(address: &str, error: &Error) -> NoAnswer {
    let message = harmless(error.message());
    without_code(format!("the answer of {address} cannot be read ({message}): is it the address of a Keyway?"))
}

/// No answer, or not all of it, in time.
pub(super) fn too_slow(address: &str, limit: Duration) -> NoAnswer {
    let seconds = limit.as_secs();
    without_code(format!(
        "{address} did not answer within {seconds} s: try again, or wait longer with `--timeout`; a change may have been made"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn each_way_not_to_be_reached_has_its_next_step() {
        let error = |kind, sent| Error::new(kind, "it\u{1b}").sent(sent);
        let certificate = || io::Error::other("invalid peer certificate: UnknownIssuer");
        for (error, expected) in [
            (error(ErrorKind::Unreachable, false), "at https://k: start one with `keyway serve`"),
            (error(ErrorKind::Unreachable, false).source(io::Error::other("refused\r")), "(refused\\r): start"),
            (
                error(ErrorKind::Unreachable, false).source(certificate()),
                "UnknownIssuer): is it the right server? `--extra-roots",
            ),
            (error(ErrorKind::Unreachable, true), "a change may have been made"),
            (error(ErrorKind::Timeout, false), "is https://k the right address"),
            (error(ErrorKind::HostNotAllowed, false), "is never asked: it\\u{1b}"),
            (error(ErrorKind::UnreadableResponse, true), "(it\\u{1b}): is it the address of a Keyway?"),
        ] {
            let message = not_reached("https://k", &error).failure.message;
            assert!(message.to_lowercase().contains(&expected.to_lowercase()), "{message}");
        }
    }
}
