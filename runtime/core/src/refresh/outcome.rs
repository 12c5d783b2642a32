//! The meaning of a failed renewal for the grant: the table of the runtime's `refresh`, as a pure function.
//!
//! [`super::state`] decides what follows; [`crate::auth::token_response`] reads the answers.

use crate::error::{Error, ErrorKind, Evidence};
use keyway_spec::ProviderSpec;
use std::time::Duration;

/// The outcome of an attempt that brought no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The grant is gone: `invalid_grant`, or what the entry names as its equal.
    InvalidGrant,
    /// The request was refused and the grant is good: a wrong client secret, say.
    Refused,
    /// Nothing was redeemed: not sent, or turned away, for so long where the endpoint said it.
    NotRedeemed(Option<Duration>),
    /// The refresh token may have been redeemed.
    Unknown,
}

/// The outcome that an error stands for.
pub fn outcome(error: &Error, spec: &ProviderSpec) -> Outcome {
    let Evidence { sent, status, wait, oauth_error, .. } = error.evidence();
    let broke = matches!(error.kind(), ErrorKind::Unreachable | ErrorKind::Timeout | ErrorKind::UnreadableResponse);
    if !sent.unwrap_or(broke) {
        return Outcome::NotRedeemed(None);
    }
    // What the mode itself calls final: a client that the server has forgotten cannot redeem anything.
    if error.kind() == ErrorKind::ReconnectNeeded
        || oauth_error.as_deref().is_some_and(|code| is_invalid_grant(spec, code))
    {
        return Outcome::InvalidGrant;
    }
    match *status {
        Some(429) => Outcome::NotRedeemed(*wait),
        Some(503) if wait.is_some() => Outcome::NotRedeemed(*wait),
        Some(408 | 425) => Outcome::Unknown,
        Some(400..500) => Outcome::Refused,
        Some(200..300) if error.kind() == ErrorKind::TokenRefused => Outcome::Refused,
        _ => Outcome::Unknown,
    }
}

/// True if a code says that the grant is gone (RFC 6749 section 5.2).
fn is_invalid_grant(spec: &ProviderSpec, code: &str) -> bool {
    code == "invalid_grant" || spec.quirks.is_some_and(|quirks| quirks.invalid_grant_codes.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::quirks::Quirks;

    #[test]
    fn an_error_says_whether_the_grant_is_gone_good_untouched_or_unknown() {
        static QUIRKS: Quirks = Quirks { invalid_grant_codes: &["bad_token"], ..Quirks::EMPTY };
        let spec = ProviderSpec { quirks: Some(&QUIRKS), ..ProviderSpec::EMPTY };
        let ten = Some(Duration::from_secs(10));
        let (refused, unreadable) = (ErrorKind::TokenRefused, ErrorKind::TokenUnreadable);
        let answers = [
            (refused, 400, "invalid_grant", None, Outcome::InvalidGrant),
            (refused, 200, "bad_token", None, Outcome::InvalidGrant),
            (refused, 500, "invalid_grant", None, Outcome::InvalidGrant),
            (refused, 401, "invalid_client", None, Outcome::Refused),
            (refused, 403, "", None, Outcome::Refused),
            (refused, 404, "", None, Outcome::Refused),
            (refused, 200, "40029", None, Outcome::Refused),
            (refused, 429, "", ten, Outcome::NotRedeemed(ten)),
            (refused, 429, "slow_down", None, Outcome::NotRedeemed(None)),
            (refused, 503, "", ten, Outcome::NotRedeemed(ten)),
            (refused, 503, "", None, Outcome::Unknown),
            (refused, 408, "", None, Outcome::Unknown),
            (refused, 425, "", None, Outcome::Unknown),
            (refused, 500, "", ten, Outcome::Unknown),
            (refused, 307, "", None, Outcome::Unknown),
            (unreadable, 200, "", None, Outcome::Unknown),
            (unreadable, 204, "", None, Outcome::Unknown),
        ];
        for (kind, status, code, wait, expected) in answers {
            let code = Some(code.to_owned()).filter(|code| !code.is_empty());
            let error = Error::new(kind, "x").sent(true).response(status, "").wait(wait).oauth_error(code);
            assert_eq!(outcome(&error, &spec), expected, "{status} {error:?}");
        }
        for (kind, sent, expected) in [
            (ErrorKind::Unreachable, Some(true), Outcome::Unknown),
            (ErrorKind::UnreadableResponse, Some(true), Outcome::Unknown),
            (ErrorKind::Unreachable, None, Outcome::Unknown),
            (ErrorKind::Unreachable, Some(false), Outcome::NotRedeemed(None)),
            (ErrorKind::Timeout, Some(true), Outcome::Unknown),
            (ErrorKind::ReconnectNeeded, Some(true), Outcome::InvalidGrant),
            (ErrorKind::Timeout, Some(false), Outcome::NotRedeemed(None)),
            (ErrorKind::TokenUnreadable, Some(true), Outcome::Unknown),
            (ErrorKind::MissingValue, None, Outcome::NotRedeemed(None)),
        ] {
            let mut error = Error::new(kind, "x");
            if let Some(sent) = sent {
                error = error.sent(sent);
            }
            assert_eq!(outcome(&error, &spec), expected, "{kind:?} {sent:?}");
        }
    }
}
