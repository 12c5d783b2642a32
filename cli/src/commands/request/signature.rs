//! Signatures that were made with stand-ins: they say nothing, and a name stands in their place.
//!
//! Only the signature itself goes; what it covers of the protocol (nonce, time, signed headers) is shown. Signatures
//! that templates make are handled in `by_name`.

use super::stand_in::StandIns;
use keyway_spec::Mode;
use keyway_spec::mode::Place;

/// The text in the place of a signature.
const SIGNATURE: &str = "<signature>";

/// The value of an `authorization` header that a mode made, without its signature. A `PLAINTEXT` one (RFC 5849 section
/// 3.4.4) is the secrets themselves, which have names.
pub(super) fn without(mode: Mode, value: &str, stand_ins: &StandIns) -> String {
    if mode.facts().place != Place::Signature {
        value.to_owned()
    } else if value.starts_with("OAuth ") {
        replaced(value, ["oauth_signature=\"", "\""], SIGNATURE, |signature| !stand_ins.is_in(signature))
    } else {
        replaced(value, ["Signature=", ","], SIGNATURE, |_| true)
    }
}

/// A WSSE UsernameToken without its digest.
pub(super) fn without_digest(token: &str) -> String {
    replaced(token, ["PasswordDigest=\"", "\""], "<digest>", |_| true)
}

/// The text with what stands between two marks, or after the first, replaced, where `goes` says so.
fn replaced(text: &str, [start, end]: [&str; 2], by: &str, goes: impl Fn(&str) -> bool) -> String {
    let Some((before, behind)) = text.split_once(start) else { return text.to_owned() };
    let (inner, rest) = behind.split_at(behind.find(end).unwrap_or(behind.len()));
    if goes(inner) { [before, start, by, rest].concat() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway::clock::{Moment, System};

    #[test]
    fn only_the_signature_goes() {
        let stand_ins = StandIns::new(&Moment::take(&System).unwrap());
        for (mode, value, shown) in [
            (
                Mode::Tba,
                "OAuth realm=\"A\", oauth_nonce=\"n\", oauth_signature=\"a%2Fb%3D\", oauth_signature_method=\"HMAC-SHA256\"",
                "OAuth realm=\"A\", oauth_nonce=\"n\", oauth_signature=\"<signature>\", oauth_signature_method=\"HMAC-SHA256\"",
            ),
            (
                Mode::AwsSigV4,
                "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host;x-amz-date, Signature=0f3c",
                "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host;x-amz-date, Signature=<signature>",
            ),
            (Mode::Basic, "Basic Signature=x", "Basic Signature=x"),
        ] {
            assert_eq!(without(mode, value, &stand_ins), shown);
        }
        let token = "UsernameToken Username=\"u\", PasswordDigest=\"d\", Nonce=\"n\"";
        assert_eq!(without_digest(token), "UsernameToken Username=\"u\", PasswordDigest=\"<digest>\", Nonce=\"n\"");
    }
}
