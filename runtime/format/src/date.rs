//! `now` forms: an offset, its unit, and the Day.js format tokens that entries use (section 3.6 of the format's
//! reference).
//!
//! A token of Day.js that is not here is refused rather than printed as letters. The runtime formats instants.

use keyway_spec::template::{DatePart, Offset, Unit};
use std::fmt::{self, Display, Formatter, Write};

/// `now`, perhaps moved and formatted. Printed, it reads as itself again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// The offset of the instant.
    pub offset: Option<Offset>,
    /// The format, in UTC; empty means ISO 8601 with milliseconds and `Z`.
    pub format: Vec<Part>,
}

/// One part of a date format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Literal text.
    Text(String),
    /// A token: every [`DatePart`] but the literal one.
    Token(DatePart),
}

/// Tokens, longest first where one begins another.
const TOKENS: [(&str, DatePart); 11] = [
    ("YYYY", DatePart::Year),
    ("MMM", DatePart::MonthName),
    ("MM", DatePart::Month),
    ("DD", DatePart::Day),
    ("HH", DatePart::Hour),
    ("mm", DatePart::Minute),
    ("ss", DatePart::Second),
    ("SSS", DatePart::Millisecond),
    ("ddd", DatePart::WeekdayName),
    ("ZZ", DatePart::OffsetPlain),
    ("Z", DatePart::OffsetColon),
];

const UNITS: [(&[&str], Unit); 8] = [
    (&["milliseconds", "millisecond", "ms"], Unit::Milliseconds),
    (&["seconds", "second", "s"], Unit::Seconds),
    (&["minutes", "minute", "m"], Unit::Minutes),
    (&["hours", "hour", "h"], Unit::Hours),
    (&["days", "day", "d"], Unit::Days),
    (&["weeks", "week", "w"], Unit::Weeks),
    (&["months", "month", "M"], Unit::Months),
    (&["years", "year", "y"], Unit::Years),
];

/// Reads what follows `now` in a placeholder; `None` where the name is not a form of `now` at all (`nowhere`).
pub fn parse(rest: &str) -> Option<Result<Now, String>> {
    match rest.chars().next() {
        None => Some(Ok(Now::default())),
        Some(':') => Some(parse_format(&rest[1..]).map(|format| Now { offset: None, format })),
        Some('+' | '-') => Some(parse_moved(rest)),
        Some(_) => None,
    }
}

fn parse_moved(rest: &str) -> Result<Now, String> {
    let shape = || "a moved `now` is written `now+1:days:YYYY-MM-DD`".to_owned();
    let (amount, rest) = rest.split_once(':').ok_or_else(shape)?;
    let (unit, format) = rest.split_once(':').ok_or_else(shape)?;
    let amount: i32 = amount.parse().map_err(|_| format!("`{amount}` is not a number of units"))?;
    let unit =
        unit_from_name(unit).ok_or_else(|| format!("`{unit}` is not a unit of time; use `minutes`, `days`, ..."))?;
    Ok(Now { offset: Some(Offset { amount, unit }), format: parse_format(format)? })
}

fn parse_format(format: &str) -> Result<Vec<Part>, String> {
    match format {
        "" => return Err("a date format is missing after the colon".to_owned()),
        "X" => return Ok(vec![Part::Token(DatePart::UnixSeconds)]),
        "x" => return Ok(vec![Part::Token(DatePart::UnixMilliseconds)]),
        _ => {}
    }
    let mut parts = Vec::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if let Some((token, part)) = TOKENS.iter().find(|(token, _)| rest.starts_with(token)) {
            parts.push(Part::Token(*part));
            rest = &rest[token.len()..];
        } else if first == '[' {
            let (literal, behind) = rest[1..].split_once(']').ok_or("a `[` in the date format is never closed")?;
            push_text(&mut parts, literal);
            rest = behind;
        } else if is_token_letter(first) {
            return Err(format!(
                "`{first}` is not a supported part of a date format here; write `[{first}]` for the letter"
            ));
        } else {
            push_text(&mut parts, &rest[..first.len_utf8()]);
            rest = &rest[first.len_utf8()..];
        }
    }
    Ok(parts)
}

fn push_text(parts: &mut Vec<Part>, text: &str) {
    match parts.last_mut() {
        Some(Part::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part::Text(text.to_owned())),
    }
}

/// Letters that mean something in a Day.js format, so that as text they need brackets.
fn is_token_letter(letter: char) -> bool {
    "YMDdHhaAmsZSXx".contains(letter)
}

/// The name of a unit that is printed.
pub fn unit_name(unit: Unit) -> &'static str {
    UNITS.iter().find(|(_, known)| *known == unit).and_then(|(names, _)| names.first()).copied().unwrap_or_default()
}

/// The unit of a name, in any form Day.js knows.
pub fn unit_from_name(name: &str) -> Option<Unit> {
    UNITS.iter().find(|(names, _)| names.contains(&name)).map(|(_, unit)| *unit)
}

impl Display for Now {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("now")?;
        if let Some(Offset { amount, unit }) = self.offset {
            write!(f, "{amount:+}:{}", unit_name(unit))?;
        }
        if !self.format.is_empty() {
            f.write_char(':')?;
        }
        self.format.iter().try_for_each(|part| part.fmt(f))
    }
}

impl Display for Part {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Part::Text(text) => print_text(text, f),
            Part::Token(DatePart::Text(text)) => print_text(text, f),
            Part::Token(DatePart::UnixSeconds) => f.write_str("X"),
            Part::Token(DatePart::UnixMilliseconds) => f.write_str("x"),
            Part::Token(token) => {
                TOKENS.iter().find(|(_, part)| part == token).map_or(Ok(()), |(text, _)| f.write_str(text))
            }
        }
    }
}

/// Text, with brackets around what would be a token.
fn print_text(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    text.chars().try_for_each(|letter| match letter {
        '[' => f.write_str("[[]"),
        _ if is_token_letter(letter) => write!(f, "[{letter}]"),
        _ => write!(f, "{letter}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_and_formats_are_read_and_printed() {
        let text = |text: &str| Part::Text(text.to_owned());
        let moved =
            |amount, unit, format: &[Part]| Now { offset: Some(Offset { amount, unit }), format: format.to_vec() };
        let (year, seconds) = (Part::Token(DatePart::Year), Part::Token(DatePart::UnixSeconds));
        for (source, expected, printed) in [
            ("", Now::default(), "now"),
            (":X", Now { offset: None, format: vec![seconds.clone()] }, "now:X"),
            (":x", Now { offset: None, format: vec![Part::Token(DatePart::UnixMilliseconds)] }, "now:x"),
            ("+1:minutes:X", moved(1, Unit::Minutes, &[seconds]), "now+1:minutes:X"),
            ("-2:d:YYYY", moved(-2, Unit::Days, std::slice::from_ref(&year)), "now-2:days:YYYY"),
            ("+3:M:YYYY", moved(3, Unit::Months, std::slice::from_ref(&year)), "now+3:months:YYYY"),
            (":YYYY[Z]", Now { offset: None, format: vec![year, text("Z")] }, "now:YYYY[Z]"),
            (
                ":DD MMM",
                Now {
                    offset: None,
                    format: vec![Part::Token(DatePart::Day), text(" "), Part::Token(DatePart::MonthName)],
                },
                "now:DD MMM",
            ),
        ] {
            assert_eq!(parse(source), Some(Ok(expected.clone())), "{source}");
            assert_eq!(expected.to_string(), printed, "{source}");
        }
        assert_eq!(parse("here"), None);
    }

    #[test]
    fn what_would_be_printed_wrong_is_refused() {
        for source in [":", ":hh", ":YYYY[", "+1:days", "+x:days:X", "+1:fortnights:X", ":YY"] {
            assert!(matches!(parse(source), Some(Err(_))), "{source}");
        }
    }

    #[test]
    fn every_unit_reads_back_from_its_name() {
        for (names, unit) in UNITS {
            assert!(names.iter().all(|name| unit_from_name(name) == Some(unit)), "{names:?}");
            assert_eq!(unit_from_name(unit_name(unit)), Some(unit));
        }
        assert_eq!(unit_from_name("Days"), None);
    }
}
