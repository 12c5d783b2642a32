//! Names of headers that are the transport's to set.
//!
//! The compiler warns of one in an entry; the runtime refuses one from a caller, and passes none on from an answer.

/// Whether a header concerns one connection only (RFC 9110 section 7.6.1) and is not passed on. In any case.
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

/// Whether the transport sets a header itself: the host and the length (RFC 9110 sections 7.2 and 8.6), and what
/// concerns one connection only. Neither an entry nor a caller may. In any case.
pub fn is_reserved(name: &str) -> bool {
    ["content-length", "host"].iter().any(|other| other.eq_ignore_ascii_case(name)) || is_hop_by_hop(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_connection_and_of_the_transport_are_known_in_any_case() {
        for (name, hop_by_hop, reserved) in [
            ("Transfer-Encoding", true, true),
            ("te", true, true),
            ("Host", false, true),
            ("content-length", false, true),
            ("link", false, false),
            ("content-type", false, false),
            ("", false, false),
        ] {
            assert_eq!((is_hop_by_hop(name), is_reserved(name)), (hop_by_hop, reserved), "{name}");
        }
    }
}
