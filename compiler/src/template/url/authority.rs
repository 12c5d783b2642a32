//! The authority of a URL (RFC 3986 section 3.2): a host, perhaps a port, never a user.

use super::drawn::HOLE;
use super::fault::{Fault, Weight};
use super::form::Form;
use super::host;
use keyway_spec::{Port, url};
use std::net::Ipv6Addr;
use std::ops::Range;

/// The host and port that a URL leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::template) struct Authority {
    /// Lower case, with a mark for each value; an IPv6 address in brackets.
    pub(in crate::template) host: String,
    /// Its port.
    pub(in crate::template) port: Port,
}

/// The bytes from `begin` to where the authority ends. A URL parser takes `\` for a slash.
pub(super) fn until_path(text: &str, begin: usize) -> Range<usize> {
    let rest = text.get(begin..).unwrap_or_default();
    begin..begin + rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())
}

/// Reads an authority; `None`, with the reason in `found`, where it is none.
pub(super) fn read(text: &str, range: Range<usize>, form: Form, found: &mut Vec<Fault>) -> Option<Authority> {
    let authority = text.get(range.clone())?;
    if let Some(at) = authority.rfind('@') {
        let user = range.start..range.start + at + 1;
        let help = "leave it out: a credential is placed by `headers`, `query` or the auth mode";
        found.push(Fault::refused(user, "a URL holds a user name or a password", help));
        return None;
    }
    if authority.is_empty() {
        found.push(no_host(text, &range));
        return None;
    }
    let scheme =
        authority.strip_suffix(':').filter(|scheme| matches!(scheme.to_ascii_lowercase().as_str(), "https" | "http"));
    if scheme.is_some() && text.get(range.end..).is_some_and(|behind| behind.starts_with("//")) {
        let twice = range.start..range.end + "//".len();
        found.push(Fault::refused(twice, "a URL begins twice", "write `https://` once").mended(""));
        return None;
    }
    let (host, port) = split(authority);
    if let (None, true) = (port, authority.parse::<Ipv6Addr>().is_ok()) {
        let help = format!("write `[{authority}]`");
        let fault = Fault::refused(range, "an IPv6 address in a URL stands in brackets", help);
        found.push(fault.mended(format!("[{authority}]")));
        return None;
    }
    let at = range.start..range.start + host.len();
    let name = host::read(host, at.clone(), form, found)?;
    let port = match port {
        None => Ok(Port::Default),
        Some(port) => read_port(port, at.end..range.end, has_plain_scheme(text, range.start, port), found),
    };
    Some(Authority { host: name, port: port.ok()? })
}

fn no_host(text: &str, range: &Range<usize>) -> Fault {
    let behind = text.get(range.end..).unwrap_or_default();
    let slashes = behind.len() - behind.trim_start_matches('/').len();
    let whole = range.start.saturating_sub("//".len())..range.end + slashes;
    let begins = behind.trim_start_matches('/');
    if slashes > 0 && !begins.is_empty() {
        let help = "write two slashes, then the host: URL parsers take the first part of the path for it";
        return Fault::refused(whole, "a URL without a host", help);
    }
    Fault::refused(whole, "a URL without a host", "write the host behind `https://`")
}

/// The host, and what stands after its colon.
fn split(authority: &str) -> (&str, Option<&str>) {
    let from = if authority.starts_with('[') { authority.find(']').unwrap_or(authority.len()) } else { 0 };
    if authority.parse::<Ipv6Addr>().is_ok() {
        return (authority, None);
    }
    match authority.get(from..).and_then(|rest| rest.find(':')) {
        Some(at) => {
            let (host, port) = authority.split_at(from + at);
            (host, port.get(1..))
        }
        None => (authority, None),
    }
}

/// True if a port is the one that the scheme has anyway.
fn has_plain_scheme(text: &str, begin: usize, port: &str) -> bool {
    let scheme = text.get(..begin).unwrap_or_default();
    (scheme.eq_ignore_ascii_case("https://") && port == "443")
        || (scheme.eq_ignore_ascii_case("http://") && port == "80")
}

/// The text in the place of the port is none; the reason was reported.
struct NoPort;

/// Reads a port. `range` is its colon and itself.
fn read_port(text: &str, range: Range<usize>, is_scheme_s: bool, found: &mut Vec<Fault>) -> Result<Port, NoPort> {
    if text.chars().eq([HOLE]) {
        return Ok(Port::Any);
    }
    if text.is_empty() {
        let fault = Fault::new(Weight::Respelled, range, "a colon without a port", "remove it, or write the port");
        found.push(fault.mended(""));
        return Ok(Port::Default);
    }
    if is_scheme_s {
        let fault = Fault::new(Weight::Noted, range, "the port is the scheme's own", "leave it out");
        found.push(fault.mended(""));
        return Ok(Port::Default);
    }
    let digits = range.start + 1..range.end;
    match url::port(text) {
        Ok(port) if !text.starts_with('0') => Ok(Port::Fixed(port)),
        Ok(port) => {
            let fault =
                Fault::new(Weight::Respelled, digits, "a port that begins with a zero", format!("write `{port}`"));
            found.push(fault.mended(port.to_string()));
            Ok(Port::Fixed(port))
        }
        Err(_) => {
            let shown: String = text.chars().map(|letter| if letter == HOLE { '*' } else { letter }).collect();
            let (message, help) = if text.contains(HOLE) {
                let help = "write a number from 1 to 65535, or one value for all of it";
                ("a value is a part of a port".to_owned(), help)
            } else {
                (format!("`{shown}` is not a port"), "write a number from 1 to 65535")
            };
            found.push(Fault::refused(digits, message, help));
            Err(NoPort)
        }
    }
}
