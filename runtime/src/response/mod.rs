//! What an answer means: whether it is worth another try, and after how long; where a list goes on.

use http::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

pub(crate) mod decompress;
pub mod paginate;
pub mod retry;

/// What a status asks of the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// 1xx, 2xx, 304: the caller's.
    Answer,
    /// 3xx with a `Location`: to be followed, each hop checked.
    Redirect,
    /// 401: the credential may have died; worth one forced refresh.
    Unauthorized,
    /// 429: too many requests.
    RateLimited,
    /// Any other 4xx: the caller's.
    Refused,
    /// 5xx: the upstream's.
    Failed,
}

/// The class of an HTTP status (RFC 9110 section 15).
pub const fn classify(status: u16) -> Class {
    match status {
        301 | 302 | 303 | 307 | 308 => Class::Redirect,
        401 => Class::Unauthorized,
        429 => Class::RateLimited,
        400..=499 => Class::Refused,
        500..=599 => Class::Failed,
        _ => Class::Answer,
    }
}

/// Whether a header concerns one connection only (RFC 9110 section 7.6.1) and is not passed on.
pub fn is_hop_by_hop(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    NAMES.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// The text of a header that holds a URI, or text beside one. Header values are bytes (RFC 9110 section 5.5): what is
/// not ASCII is percent-encoded, as a URI has it anyway.
pub(crate) fn uri_text(value: &HeaderValue) -> String {
    const NOT_ASCII: &AsciiSet = &CONTROLS.remove(b'\t');
    percent_encode(value.as_bytes(), NOT_ASCII).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_have_classes() {
        for (status, class) in [
            (200, Class::Answer),
            (304, Class::Answer),
            (307, Class::Redirect),
            (401, Class::Unauthorized),
            (404, Class::Refused),
            (429, Class::RateLimited),
            (503, Class::Failed),
        ] {
            assert_eq!(classify(status), class, "{status}");
        }
    }

    #[test]
    fn a_header_is_read_as_the_bytes_that_it_is() {
        for (bytes, expected) in [
            (&b"/a?b=c"[..], "/a?b=c"),
            (b"/caf\xe9", "/caf%E9"),
            ("/café".as_bytes(), "/caf%C3%A9"),
            (b"<a>; title=\"\xff\"", "<a>; title=\"%FF\""),
        ] {
            assert_eq!(uri_text(&HeaderValue::from_bytes(bytes).unwrap()), expected);
        }
    }

    #[test]
    fn connection_headers_are_known_in_any_case() {
        assert!(is_hop_by_hop("Transfer-Encoding") && is_hop_by_hop("te") && !is_hop_by_hop("link"));
    }
}
