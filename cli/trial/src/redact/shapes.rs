//! The class of a text by itself, whatever its name is.

use super::words::is_number;
use std::net::IpAddr;
use url::Url;

/// The class of a value, which decides what its stand-in looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ValueClass {
    /// A credential, or what looks like one.
    Token,
    /// A place in a list.
    Cursor,
    /// An identifier.
    Id,
    /// An e-mail address.
    Email,
    /// RFC 9562.
    Uuid,
    /// Digits, as text or as a number.
    Digits,
    /// A number with a fraction.
    Fraction,
    /// A telephone number.
    Phone,
    /// An IPv4 address.
    IpV4,
    /// An IPv6 address.
    IpV6,
    /// A date with a time: RFC 3339 or HTTP-date.
    Instant,
    /// A date without one.
    Day,
    /// An absolute URL.
    Url,
    /// The name of a person or a thing.
    Name,
    /// Anything else.
    Text,
}

/// From this length on a text without blanks is taken for a token.
const MIN_TOKEN: usize = 24;

/// The class of a text.
pub(super) fn class_of(text: &str) -> ValueClass {
    let has_blank = text.contains(char::is_whitespace);
    match text {
        _ if is_number(text) && text.contains('.') => ValueClass::Fraction,
        _ if is_number(text) => ValueClass::Digits,
        _ if is_uuid(text) => ValueClass::Uuid,
        _ if is_url(text) => ValueClass::Url,
        _ if is_email(text) => ValueClass::Email,
        _ if is_day(text) => ValueClass::Day,
        _ if keyway_format::instant::date(text).is_some() => ValueClass::Instant,
        _ => match text.parse::<IpAddr>() {
            Ok(IpAddr::V4(_)) => ValueClass::IpV4,
            Ok(IpAddr::V6(_)) => ValueClass::IpV6,
            Err(_) if is_phone(text) => ValueClass::Phone,
            Err(_) if !has_blank && text.is_ascii() && text.len() >= MIN_TOKEN => ValueClass::Token,
            Err(_) if !has_blank && text.is_ascii() && text.bytes().any(|byte| byte.is_ascii_digit()) => ValueClass::Id,
            Err(_) => ValueClass::Text,
        },
    }
}

/// True for an absolute URL of the web.
pub(super) fn is_url(text: &str) -> bool {
    (text.starts_with("https://") || text.starts_with("http://")) && Url::parse(text).is_ok()
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let groups: Vec<&str> = text.split('-').collect();
    groups.len() == lengths.len()
        && groups
            .iter()
            .zip(lengths)
            .all(|(group, length)| group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn is_email(text: &str) -> bool {
    let Some((user, domain)) = text.rsplit_once('@') else { return false };
    !user.is_empty() && domain.contains('.') && !text.contains([' ', '/', ',', ';'])
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
}

fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_made_so =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b' ' | b'-' | b'(' | b')' | b'.'));
    is_made_so && (7..=15).contains(&digits) && text.starts_with(['+', '(', '0', '1'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_classed_by_what_it_looks_like() {
        for (text, expected) in [
            ("1234567", ValueClass::Digits),
            ("-1.25", ValueClass::Fraction),
            ("6f1c3b52-8f0e-4a39-9f51-0d7b6a0c2e11", ValueClass::Uuid),
            ("ann.smith@acme.example", ValueClass::Email),
            ("https://acme.example/u/1", ValueClass::Url),
            ("2026-01-02", ValueClass::Day),
            ("2026-01-02T03:04:05Z", ValueClass::Instant),
            ("Fri, 02 Jan 2026 03:04:05 GMT", ValueClass::Instant),
            ("+49 30 901820", ValueClass::Phone),
            ("10.20.30.40", ValueClass::IpV4),
            ("2001:db8::7", ValueClass::IpV6),
            ("sk_live_51HabcdefGHIJKLmnop", ValueClass::Token),
            ("cus_9s6XKz", ValueClass::Id),
            ("Ann Smith, 5 Main Street", ValueClass::Text),
            ("Ann", ValueClass::Text),
            ("not@home", ValueClass::Text),
            ("https://", ValueClass::Text),
        ] {
            assert_eq!(class_of(text), expected, "{text}");
        }
    }
}
