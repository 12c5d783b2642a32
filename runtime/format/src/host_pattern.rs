//! Host patterns: `api.example.com`, `*.example.com`, `*-api.example.net:8443`, `[::1]:8080`, `*:*`.
//!
//! They stand in an entry's `keyway.hosts`, in an operator's list of allowed hosts, and in the sets that the compiler
//! derives from URLs ([`keyway_spec::HostSet`]). A `*` is one or more characters, dots included: one or more labels, or
//! a part of one. `*` alone is every name. Without a port a pattern means the port of the scheme, behind a colon stands
//! another one, or `*` for any.
//!
//! A refused pattern could never be called: a URL parser reads another host in its place, or no name server knows it.
//! Names in other scripts are refused; their `xn--` form is fine. White space around a line is dropped. Whether an
//! address may be connected to is not asked here, and no part of one can be `*`.

use keyway_spec::{Port, url};
use std::fmt::{self, Display, Formatter};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A pattern that was read. Printed, it reads as itself again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostPattern {
    /// The host: lower case, without the root's dot, an IPv6 address in brackets.
    pub host: String,
    /// The ports that belong to it.
    pub port: Port,
}

impl HostPattern {
    /// Reads a pattern. The error is a sentence that names the text and says what is wrong with it.
    pub fn parse(text: &str) -> Result<HostPattern, String> {
        let text = text.trim();
        read(&text.to_ascii_lowercase()).map_err(|reason| format!("`{text}` is not a host: {reason}"))
    }

    /// The address that the host is; `None` where it is a name.
    pub fn address(&self) -> Option<IpAddr> {
        let bracketed = self.host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        bracketed.unwrap_or(&self.host).parse().ok()
    }

    /// True if a part of the host may vary.
    pub fn varies(&self) -> bool {
        self.host.contains('*')
    }

    /// True if a host name is one of the pattern's. The name is in lower case and without the root's dot.
    pub fn matches(&self, name: &str) -> bool {
        if self.varies() { glob(&self.host, name) } else { self.host == name }
    }
}

impl Display for HostPattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.host)?;
        match self.port {
            Port::Default => Ok(()),
            Port::Fixed(port) => write!(f, ":{port}"),
            Port::Any => f.write_str(":*"),
        }
    }
}

fn read(text: &str) -> Result<HostPattern, String> {
    if text.contains('/') {
        return Err("leave out the scheme and the path".to_owned());
    }
    // The colons of an address without brackets separate no port.
    let split = text.rsplit_once(':').filter(|(host, _)| !host.contains(':') || host.ends_with(']'));
    let (host, port) = match split {
        None => (text, Port::Default),
        Some((host, "*")) => (host, Port::Any),
        Some((host, number)) => match url::port(number) {
            Ok(number) => (host, Port::Fixed(number)),
            Err(_) => return Err("the port must be a number from 1 to 65535, or `*`".to_owned()),
        },
    };
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let host = match bracketed.or(host.contains(':').then_some(host)) {
        Some(address) => v6(address)?,
        None => name(host)?,
    };
    Ok(HostPattern { host, port })
}

fn v6(text: &str) -> Result<String, String> {
    let address: Ipv6Addr = text.parse().map_err(|_| "this is no IPv6 address")?;
    Ok(format!("[{address}]"))
}

fn name(text: &str) -> Result<String, String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let host = collapsed(text);
    if url::labels(&host.replace('*', "x")).is_err() {
        return Err("use letters, digits, `-`, `_` and dots, with `*` for the part that varies".to_owned());
    }
    if !url::is_numeric(&host) {
        return Ok(host);
    }
    match host.parse::<Ipv4Addr>() {
        Ok(_) => Ok(host),
        Err(_) => Err("its last label is a number, so write all four numbers of an IPv4 address".to_owned()),
    }
}

/// With one `*` where several stand side by side: together they are one part that varies.
fn collapsed(text: &str) -> String {
    let mut host = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter != '*' || !host.ends_with('*') {
            host.push(letter);
        }
    }
    host
}

/// True if a name matches a pattern in which each `*` stands for at least one character.
fn glob(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        // The earliest place that leaves something for the `*` before it.
        let Some(found) = rest.get(1..).and_then(|later| later.find(part)) else { return false };
        rest = rest.get(1 + found + part.len()..).unwrap_or_default();
    }
    rest.strip_suffix(last).is_some_and(|star| !star.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_read_and_printed() {
        for (text, host, port, printed) in [
            ("api.example.com", "api.example.com", Port::Default, "api.example.com"),
            (" API.Example.com. ", "api.example.com", Port::Default, "api.example.com"),
            ("api.example.com:8443", "api.example.com", Port::Fixed(8443), "api.example.com:8443"),
            ("api.example.com.:443", "api.example.com", Port::Fixed(443), "api.example.com:443"),
            ("api.example.com:08443", "api.example.com", Port::Fixed(8443), "api.example.com:8443"),
            ("*.example.com:*", "*.example.com", Port::Any, "*.example.com:*"),
            ("*-api.example.net", "*-api.example.net", Port::Default, "*-api.example.net"),
            ("**.example.com", "*.example.com", Port::Default, "*.example.com"),
            ("*", "*", Port::Default, "*"),
            ("*:*", "*", Port::Any, "*:*"),
            ("localhost:8080", "localhost", Port::Fixed(8080), "localhost:8080"),
            ("my_host.internal", "my_host.internal", Port::Default, "my_host.internal"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example", Port::Default, "xn--bcher-kva.example"),
            ("10.0.0.7:*", "10.0.0.7", Port::Any, "10.0.0.7:*"),
            ("[::1]", "[::1]", Port::Default, "[::1]"),
            ("[FD00:0::7]:8443", "[fd00::7]", Port::Fixed(8443), "[fd00::7]:8443"),
            ("::1", "[::1]", Port::Default, "[::1]"),
            ("2606:4700::1111", "[2606:4700::1111]", Port::Default, "[2606:4700::1111]"),
        ] {
            let pattern = HostPattern::parse(text).unwrap();
            assert_eq!((pattern.host.as_str(), pattern.port), (host, port), "{text}");
            assert_eq!(pattern.to_string(), printed, "{text}");
            assert_eq!(HostPattern::parse(printed).as_ref(), Ok(&pattern), "{text}");
        }
    }

    #[test]
    fn what_can_never_be_called_is_refused() {
        for (text, reason) in [
            ("", "use letters"),
            ("a b", "use letters"),
            ("a..example.com", "use letters"),
            (".example.com", "use letters"),
            ("-a.example.com", "use letters"),
            ("a-.example.com", "use letters"),
            ("b\u{fc}cher.example", "use letters"),
            ("user@example.com", "use letters"),
            ("a%2eexample.com", "use letters"),
            ("https://api.example.com", "leave out the scheme and the path"),
            ("api.example.com/v1", "leave out the scheme and the path"),
            ("api.example.com:", "the port must be a number"),
            ("api.example.com:0", "the port must be a number"),
            ("api.example.com:+80", "the port must be a number"),
            ("api.example.com:65536", "the port must be a number"),
            ("api.example.com:8*", "the port must be a number"),
            (":443", "use letters"),
            ("[::g]", "this is no IPv6 address"),
            ("[::1", "this is no IPv6 address"),
            ("[fe80::1%eth0]", "this is no IPv6 address"),
            ("[*::1]", "this is no IPv6 address"),
            ("[127.0.0.1]", "this is no IPv6 address"),
            ("1.2.3", "all four numbers"),
            ("0x7f.1", "all four numbers"),
            ("1.2.3.04", "all four numbers"),
            ("*.1.2.3", "all four numbers"),
        ] {
            let error = HostPattern::parse(text).unwrap_err();
            assert!(error.contains(reason) && error.contains("is not a host"), "{text:?}: {error}");
        }
        assert!(HostPattern::parse(&"a.".repeat(200)).is_err());
    }

    #[test]
    fn an_address_is_known_as_one() {
        for (text, expected) in [
            ("10.0.0.7:80", Some("10.0.0.7")),
            ("[FD00::7]", Some("fd00::7")),
            ("::1", Some("::1")),
            ("api.example.com", None),
            ("10.0.0.*", None),
        ] {
            let expected = expected.map(|address| address.parse().unwrap());
            assert_eq!(HostPattern::parse(text).unwrap().address(), expected, "{text}");
        }
    }

    #[test]
    fn a_star_stands_for_at_least_one_character() {
        for (pattern, name, expected) in [
            ("api.example.com", "api.example.com", true),
            ("api.example.com", "apixexample.com", false),
            ("*.example.com", "a.example.com", true),
            ("*.example.com", "a.b.example.com", true),
            ("*.example.com", "example.com", false),
            ("*.example.com", ".example.com", false),
            ("*-api.example.com", "eu-api.example.com", true),
            ("*-api.example.com", "-api.example.com", false),
            ("a.*.b.*.c", "a.x.b.y.c", true),
            ("a.*.b.*.c", "a.b.b.b.c", true),
            ("a.*.b.*.c", "a.x.b.c", false),
            ("sts.*.example", "sts.example", false),
            ("*", "anything", true),
        ] {
            assert_eq!(HostPattern::parse(pattern).unwrap().matches(name), expected, "{pattern} {name}");
        }
    }
}
