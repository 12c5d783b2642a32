//! Whether a URL's host and port belong to a host pattern.
//!
//! `*` alone is every public host.

use super::target::Target;
use keyway_format::host_pattern::HostPattern;
use keyway_spec::Port;

/// True if a target's host and port belong to the pattern.
pub(super) fn admits(pattern: &HostPattern, target: &Target<'_>, allow_private: bool) -> bool {
    let port = match pattern.port {
        Port::Any => true,
        Port::Default => target.port.is_none(),
        Port::Fixed(port) => target.port_or_default() == Some(port),
    };
    port && admits_name(pattern, &target.name, target.address.is_some(), allow_private)
}

fn admits_name(pattern: &HostPattern, name: &str, is_address: bool, allow_private: bool) -> bool {
    if pattern.host == "*" {
        return allow_private || (!is_address && is_name(name) && is_public(name));
    }
    pattern.matches(name) && (!pattern.varies() || (!is_address && is_name(name)))
}

/// True if a text is a host name: no empty label, only letters, digits, `-` and `_`.
fn is_name(name: &str) -> bool {
    let character = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()) && label.bytes().all(character))
}

/// Names that only mean something inside a machine or a network (RFC 6761, RFC 6762, RFC 7686, RFC 8375).
const SPECIAL: [&str; 5] = ["localhost", "local", "internal", "arpa", "onion"];

fn is_public(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, top)| !SPECIAL.contains(&top))
}
