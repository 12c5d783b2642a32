//! Questions about an entry that are asked at compile time: everything here is a `const fn`.

use keyway_spec::ProviderSpec;

/// The longest message, in bytes: what is longer is cut between two hosts.
const MAX_MESSAGE: usize = 600;

/// True if a host, perhaps with a port, is in the host set of the entry's API.
pub const fn allows(spec: &ProviderSpec, host: &str) -> bool {
    let patterns = spec.hosts.api.patterns();
    let mut at = 0;
    while at < patterns.len() {
        if fits(patterns[at].as_bytes(), host.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// A message that names the hosts of an entry.
pub const fn no_host(spec: &ProviderSpec, host: &str) -> ConstText {
    let said =
        ConstText::EMPTY.with("`").with(host).with("` is no host of `").with(spec.key).with("`, whose entry has ");
    let patterns = spec.hosts.api.patterns();
    let (mut said, mut at) = (said, 0);
    while at < patterns.len() && said.length + patterns[at].len() + 4 < MAX_MESSAGE {
        said = if at == 0 { said } else { said.with(", ") };
        said = said.with("`").with(patterns[at]).with("`");
        at += 1;
    }
    if at == 0 { said.with("none") } else { said }
}

/// A text that is put together at compile time.
#[derive(Clone, Copy)]
pub struct ConstText {
    bytes: [u8; MAX_MESSAGE],
    length: usize,
}

impl ConstText {
    const EMPTY: ConstText = ConstText { bytes: [0; MAX_MESSAGE], length: 0 };

    const fn with(mut self, text: &str) -> ConstText {
        let (text, mut at) = (text.as_bytes(), 0);
        while at < text.len() && self.length < MAX_MESSAGE {
            self.bytes[self.length] = text[at];
            self.length += 1;
            at += 1;
        }
        self
    }

    /// The text.
    pub const fn text(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "this host is none of the entry",
        }
    }
}

/// True if a host fits a pattern of [`keyway_spec::HostSet`].
const fn fits(pattern: &[u8], host: &[u8]) -> bool {
    let (of_pattern, of_host) = (port_at(pattern), port_at(host));
    let (name, port) = pattern.split_at(of_pattern);
    let (asked, asked_port) = host.split_at(of_host);
    name_fits(name, asked) && port_fits(port, asked_port)
}

/// Where the colon of the port is, or the end.
const fn port_at(text: &[u8]) -> usize {
    let mut at = text.len();
    while at > 0 {
        at -= 1;
        if text[at] == b':' {
            return at;
        }
    }
    text.len()
}

/// Without a port both mean the one of `https:`.
const fn port_fits(pattern: &[u8], asked: &[u8]) -> bool {
    let pattern: &[u8] = if pattern.is_empty() { b":443" } else { pattern };
    let asked: &[u8] = if asked.is_empty() { b":443" } else { asked };
    matches!(pattern, [b':', b'*']) || same(pattern, asked)
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// `*` stands for one character or more. On a difference the last `*` takes one more.
const fn name_fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut of_name) = (0, 0);
    // The last `*`, and the end of what it takes; none yet at the pattern's end.
    let (mut star, mut taken) = (pattern.len(), 0);
    while of_name < name.len() {
        if at < pattern.len() && pattern[at] == b'*' {
            (star, taken) = (at, of_name + 1);
            (at, of_name) = (at + 1, taken);
        } else if at < pattern.len() && pattern[at] == name[of_name] {
            (at, of_name) = (at + 1, of_name + 1);
        } else if star < pattern.len() && taken < name.len() {
            taken += 1;
            (at, of_name) = (star + 1, taken);
        } else {
            return false;
        }
    }
    at == pattern.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_spec::{HostSet, Hosts};

    #[test]
    fn a_host_is_held_against_the_patterns_of_the_entry() {
        for (pattern, host, expected) in [
            ("api.vendor.com", "api.vendor.com", true),
            ("api.vendor.com", "api.vendor.com.evil.test", false),
            ("api.vendor.com", "xapi.vendor.com", false),
            ("api.vendor.com", "api.vendor", false),
            ("*.vendor.com", "a.vendor.com", true),
            ("*.vendor.com", "a.b.vendor.com", true),
            ("*.vendor.com", ".vendor.com", false),
            ("*.vendor.com", "vendor.com", false),
            ("*-api.vendor.com", "x-api-api.vendor.com", true),
            ("a*b*c", "abbxc", true),
            ("a*b*c", "abxbc", false),
            ("*", "any.example", true),
            ("*", "any.example:444", false),
            ("*:*", "any.example:444", true),
            ("*:444", "any.example:444", true),
            ("*:444", "any.example", false),
            ("v.com:443", "v.com", true),
            ("v.com", "v.com:443", true),
        ] {
            assert_eq!(fits(pattern.as_bytes(), host.as_bytes()), expected, "{pattern} {host}");
        }
    }

    #[test]
    fn the_message_names_the_hosts_that_there_are() {
        let with = |patterns| ProviderSpec {
            key: "v",
            hosts: Hosts { api: HostSet::Fixed(patterns), ..Hosts::EMPTY },
            ..ProviderSpec::EMPTY
        };
        let two = with(&["api.v.com", "up.v.com"]);
        assert!(allows(&two, "up.v.com") && !allows(&two, "x.v.com"));
        assert_eq!(no_host(&two, "x").text(), "`x` is no host of `v`, whose entry has `api.v.com`, `up.v.com`");
        assert_eq!(no_host(&with(&[]), "x").text(), "`x` is no host of `v`, whose entry has none");
        let many: &'static [&'static str] = Box::leak(vec!["\u{fc}.example.com"; 100].into_boxed_slice());
        assert!(no_host(&with(many), &"x".repeat(900)).text().len() <= MAX_MESSAGE);
        assert!(no_host(&with(many), "x").text().ends_with('`'));
    }
}
