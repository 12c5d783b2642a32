//! The host of a URL: a name, an address, or a name with values in it.
//!
//! A URL parser makes other hosts of some texts than the ones that stand there: `api。com`, `1.2.3`, `%61pi.com`. They
//! are refused, because the host sets of an entry hold the host that is written.

use super::drawn::HOLE;
use super::fault::{Fault, Weight};
use super::form::Form;
use keyway_spec::{address, url};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// Reads a host; `None`, with the reason in `found`, where it is none.
pub(super) fn read(host: &str, range: Range<usize>, form: Form, found: &mut Vec<Fault>) -> Option<String> {
    if host.starts_with('[') {
        return v6(host, range, found);
    }
    if host.is_empty() {
        found.push(Fault::refused(range, "a URL without a host", "write the host behind `https://`"));
        return None;
    }
    if !host.is_ascii() {
        // A browser reads such a link as it is written.
        if form != Form::Link {
            found.push(not_ascii(host, range));
        }
        return None;
    }
    let bad = |byte: char| !(byte.is_ascii_alphanumeric() || matches!(byte, '-' | '_' | '.' | HOLE));
    if let Some((at, letter)) = host.char_indices().find(|(_, letter)| bad(*letter)) {
        found.push(letter_in_host(letter, range.start + at));
        return None;
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    labels(name, &range, found)?;
    if name.len() < host.len() {
        let dot = range.end - 1..range.end;
        let fault = Fault::new(Weight::Noted, dot, "a host ends with the root's dot", "leave it out: it says nothing");
        found.push(fault.mended(""));
    }
    let lower = name.to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    if !last.contains(HOLE) && url::is_numeric(name) {
        return v4(&lower, range, found);
    }
    #[cfg(feature = "tools")]
    ascii_form(&lower, &range, found)?;
    if lower == "localhost" {
        found.push(private(range, "`localhost` is this machine's own"));
    }
    Some(lower)
}

fn labels(name: &str, range: &Range<usize>, found: &mut Vec<Fault>) -> Option<()> {
    let mut at = range.start;
    for label in name.split('.') {
        let place = at..at + label.len();
        at = place.end + 1;
        let refused = if label.is_empty() {
            // With the dot that makes it empty.
            let dot = place.start.min(range.end - 1)..(place.start + 1).min(range.end);
            Fault::refused(dot, "a host with an empty label", "write one dot between two labels")
        } else if label.len() > url::MAX_LABEL {
            let message = format!("a label of {} characters", label.len());
            Fault::refused(place, message, format!("a label of a host has at most {}", url::MAX_LABEL))
        } else if label.starts_with('-') || label.ends_with('-') {
            let message = "a label of a host begins or ends with `-`";
            Fault::refused(place, message, "remove the `-`: neither name servers nor certificates know such a name")
        } else {
            continue;
        };
        found.push(refused);
        return None;
    }
    if name.len() > url::MAX_NAME {
        let message = format!("a host of {} characters", name.len());
        found.push(Fault::refused(range.clone(), message, format!("a host name has at most {}", url::MAX_NAME)));
        return None;
    }
    Some(())
}

/// Why a printable character is not part of a host.
fn letter_in_host(letter: char, at: usize) -> Fault {
    let help = match letter {
        ',' | ';' | '|' => "write one URL; alternatives that hold a value are written `a || b`",
        '"' | '\'' | '<' | '>' | '`' => "write the URL by itself, without quotes or brackets around it",
        '{' | '}' | '$' => "a value is written `${name}`",
        '*' => "write `${connectionConfig.name}` for a part that differs from customer to customer",
        '%' => "write the character itself: a host name holds no percent-encoding",
        '[' | ']' => "brackets stand around all of an IPv6 address",
        _ => "write letters, digits, `-` and dots",
    };
    Fault::refused(at..at + letter.len_utf8(), format!("no host holds `{letter}`"), help)
}

/// An IPv4 address: four decimal numbers.
fn v4(name: &str, range: Range<usize>, found: &mut Vec<Fault>) -> Option<String> {
    let Ok(address) = name.parse::<Ipv4Addr>() else {
        let message = "a host whose last label is a number is read as an IPv4 address";
        found.push(Fault::refused(range, message, "write all four numbers of the address in decimal, or a name"));
        return None;
    };
    allowed(IpAddr::V4(address), range, found)?;
    Some(address.to_string())
}

fn v6(host: &str, range: Range<usize>, found: &mut Vec<Fault>) -> Option<String> {
    let inside = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let Some(address) = inside.and_then(|text| text.parse::<Ipv6Addr>().ok()) else {
        let message = "no IPv6 address stands in the brackets";
        found.push(Fault::refused(range, message, "write one such as `[2606:4700::1111]`, without a zone, or a name"));
        return None;
    };
    allowed(IpAddr::V6(address), range, found)?;
    Some(format!("[{address}]"))
}

/// Says what the runtime thinks of an address.
fn allowed(address: IpAddr, range: Range<usize>, found: &mut Vec<Fault>) -> Option<()> {
    let Some(refusal) = address::refusal(address) else { return Some(()) };
    let message = format!("the address `{address}` is {}", refusal.what);
    if refusal.allowed_as_private {
        found.push(private(range, message));
        return Some(());
    }
    found.push(Fault::refused(range, message, "write the vendor's host: no call is ever sent there"));
    None
}

fn private(range: Range<usize>, message: impl Into<String>) -> Fault {
    let help = "write the vendor's host: a call is only sent there where the operator allows private addresses";
    Fault::new(Weight::Private, range, message, help)
}

/// A name in another script. Which one it is in ASCII is for UTS 46 to say; a build script has no use for its tables.
fn not_ascii(host: &str, range: Range<usize>) -> Fault {
    let shown: String = host.chars().map(|letter| if letter == HOLE { '*' } else { letter }).collect();
    let message = format!("`{shown}` is not spelled in ASCII");
    match in_ascii(host) {
        Some(ascii) => {
            let fault = Fault::refused(range, message, format!("write `{ascii}`, which is what is called"));
            if ascii.contains('*') { fault } else { fault.mended(ascii) }
        }
        None => Fault::refused(range, message, "write the `xn--` form that browsers call (RFC 5891)"),
    }
}

/// Every label in ASCII, as the runtime's URL parser has it; those with values stay.
#[cfg(feature = "tools")]
fn in_ascii(host: &str) -> Option<String> {
    let label = |label: &str| {
        if label.contains(HOLE) {
            return label.is_ascii().then(|| label.replace(HOLE, "*"));
        }
        to_ascii(label).filter(|label| url::labels(label).is_ok())
    };
    let labels: Option<Vec<String>> = host.split('.').map(label).collect();
    labels.map(|labels| labels.join("."))
}

#[cfg(not(feature = "tools"))]
fn in_ascii(_: &str) -> Option<String> {
    None
}

#[cfg(feature = "tools")]
fn to_ascii(name: &str) -> Option<String> {
    idna::domain_to_ascii_cow(name.as_bytes(), idna::AsciiDenyList::URL).ok().map(std::borrow::Cow::into_owned)
}

/// Refuses an `xn--` label that no name has.
#[cfg(feature = "tools")]
fn ascii_form(name: &str, range: &Range<usize>, found: &mut Vec<Fault>) -> Option<()> {
    let mut at = range.start;
    for label in name.split('.') {
        let place = at..at + label.len();
        at = place.end + 1;
        if label.starts_with("xn--") && !label.contains(HOLE) && to_ascii(label).as_deref() != Some(label) {
            let help = "write the name's own `xn--` form, or the vendor's name in ASCII";
            found.push(Fault::refused(place, format!("`{label}` stands for no name"), help));
            return None;
        }
    }
    Some(())
}
