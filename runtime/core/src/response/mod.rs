//! The meaning of an answer: whether and when to retry, and where a list continues.

use http::HeaderValue;
pub use keyway_format::header::is_hop_by_hop;
pub use keyway_format::path;
use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

pub mod errors;
pub mod paginate;
pub mod retry;

/// The content codings that requests ask for; `None` where the runtime is built without the feature that reads them.
pub const ACCEPTED: Option<&str> = if cfg!(feature = "decompress") { Some("gzip, deflate, br") } else { None };

/// True if a status sends the client to the URL of `Location` (RFC 9110 section 15.4).
pub const fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// The text of a header that holds a URI, or text beside one. Header values are bytes (RFC 9110 section 5.5): what is
/// not ASCII is percent-encoded, as a URI has it anyway.
pub fn uri_text(value: &HeaderValue) -> String {
    const NOT_ASCII: &AsciiSet = &CONTROLS.remove(b'\t');
    percent_encode(value.as_bytes(), NOT_ASCII).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_is_a_status_whose_location_is_where_to_go() {
        // 300 offers a choice, 304 has no other place, 305 and 306 are obsolete.
        for (status, expected) in [
            (200, false),
            (300, false),
            (301, true),
            (302, true),
            (303, true),
            (304, false),
            (305, false),
            (306, false),
            (307, true),
            (308, true),
            (401, false),
        ] {
            assert_eq!(is_redirect(status), expected, "{status}");
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
}
