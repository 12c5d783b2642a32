//! Addresses that are not on the public Internet.
//!
//! The tables are IANA's special-purpose registries (RFC 6890) and the addresses at which clouds hand out credentials.
//! IPv6 forms that carry an IPv4 address are refused as a whole: what they reach depends on the network in between.
//! Link-local addresses (RFC 3927, RFC 4291 section 2.5.6) are refused whatever is allowed: no API lives there, and
//! every cloud serves its machines' own credentials from there. The compiler asks about addresses that an entry writes,
//! the runtime about every address that it connects to.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The kind of address, as a phrase after "the address is".
    pub what: &'static str,
    /// True if it is allowed when the operator allows private addresses.
    pub allowed_as_private: bool,
}

/// Why an address is refused; `None` for public ones.
pub fn refusal(address: IpAddr) -> Option<Refusal> {
    if METADATA.contains(&address) {
        return Some(never("a cloud's metadata service"));
    }
    match address {
        IpAddr::V4(address) => v4(address),
        IpAddr::V6(address) => v6(address),
    }
}

/// Metadata services outside of 169.254.0.0/16 and fe80::/10: Alibaba, Azure's wire server, Oracle's older images, and
/// Scaleway over IPv6.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42)),
];

const fn private(what: &'static str) -> Refusal {
    Refusal { what, allowed_as_private: true }
}

const fn never(what: &'static str) -> Refusal {
    Refusal { what, allowed_as_private: false }
}

fn v4(address: Ipv4Addr) -> Option<Refusal> {
    let refusal = match address.octets() {
        [0, ..] => never("unspecified (0.0.0.0/8)"),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => private("private"),
        [100, 64..=127, ..] => private("shared by a carrier (100.64.0.0/10)"),
        [127, ..] => private("this machine's own"),
        [169, 254, ..] => never("link-local (169.254.0.0/16), where clouds serve their machines' credentials"),
        [192, 0, 0, _] => never("reserved for protocols (192.0.0.0/24)"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => never("reserved for documentation"),
        [192, 88, 99, _] => never("a 6to4 relay"),
        [198, 18 | 19, ..] => private("reserved for benchmarks"),
        [224..=239, ..] => never("multicast"),
        [240..=255, ..] => never("reserved"),
        _ => return None,
    };
    Some(refusal)
}

fn v6(address: Ipv6Addr) -> Option<Refusal> {
    // ::ffff:a.b.c.d is what a dual-stack socket calls an IPv4 address; the rules for that address decide, and it is
    // refused even if it is public, because no resolver has a reason to answer with one.
    if let Some(mapped) = address.to_ipv4_mapped() {
        return Some(refusal(IpAddr::V4(mapped)).unwrap_or(never("an IPv4 address in IPv6 form")));
    }
    let refusal = match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => never("unspecified"),
        [0, 0, 0, 0, 0, 0, 0, 1] => private("this machine's own"),
        [0, 0, 0, 0, 0, 0, ..] => never("an IPv4 address in IPv6 form"),
        [0x64, 0xff9b, ..] => never("translated to IPv4 (NAT64)"),
        [0x100, 0, 0, 0, ..] => never("a discard address"),
        [0x2001, 0, ..] => never("tunnelled (Teredo)"),
        [0x2001, 2, 0, ..] => private("reserved for benchmarks"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => never("reserved for documentation"),
        [0x2001, 0x10..=0x2f, ..] => never("an identifier (ORCHID)"),
        [0x2002, ..] => never("tunnelled (6to4)"),
        // An interface identifier that holds an IPv4 address (RFC 5214 section 6.1), below any prefix.
        [_, _, _, _, 0 | 0x200, 0x5efe, ..] => never("tunnelled (ISATAP)"),
        // The networks of Amazon's (fd00:ec2::254, ::23 for pods), Google's (fd20:ce::254) and Oracle's
        // (fd00:c1::a9fe:a9fe) services for their own machines, as a whole.
        [0xfd00, 0xec2 | 0xc1, ..] | [0xfd20, 0xce, ..] => never("a cloud's metadata service"),
        [0xfc00..=0xfdff, ..] => private("private (fc00::/7)"),
        [0xfe80..=0xfebf, ..] => never("link-local (fe80::/10)"),
        [0xfec0..=0xfeff, ..] => private("site-local"),
        [0xff00..=0xffff, ..] => never("multicast"),
        // 2000::/3 is all that is assigned as global unicast (RFC 4291 section 2.4).
        [0x2000..=0x3fff, ..] => return None,
        _ => never("reserved"),
    };
    Some(refusal)
}
