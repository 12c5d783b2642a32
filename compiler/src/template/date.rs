//! `now` forms: offsets, units, and the Day.js format tokens that entries use.
//!
//! A token of Day.js that is not here is refused rather than printed as letters. The runtime formats instants.

use super::ast::{DatePart, Now, Unit};
use std::fmt::{self, Display, Formatter};

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
pub(super) fn parse_now(rest: &str) -> Option<Result<Now, String>> {
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
        Unit::from_name(unit).ok_or_else(|| format!("`{unit}` is not a unit of time; use `minutes`, `days`, ..."))?;
    Ok(Now { offset: Some((amount, unit)), format: parse_format(format)? })
}

fn parse_format(format: &str) -> Result<Vec<DatePart>, String> {
    match format {
        "" => return Err("a date format is missing after the colon".to_owned()),
        "X" => return Ok(vec![DatePart::UnixSeconds]),
        "x" => return Ok(vec![DatePart::UnixMilliseconds]),
        _ => {}
    }
    let mut parts = Vec::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        if let Some((token, part)) = TOKENS.iter().find(|(token, _)| rest.starts_with(token)) {
            parts.push(part.clone());
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

fn push_text(parts: &mut Vec<DatePart>, text: &str) {
    match parts.last_mut() {
        Some(DatePart::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(DatePart::Text(text.to_owned())),
    }
}

/// Letters that mean something in a Day.js format, so that as text they need brackets.
fn is_token_letter(letter: char) -> bool {
    "YMDdHhaAmsZSXx".contains(letter)
}

impl Unit {
    /// The name that is printed.
    pub fn name(self) -> &'static str {
        UNITS.iter().find(|(_, unit)| *unit == self).and_then(|(names, _)| names.first()).copied().unwrap_or_default()
    }

    /// The unit of a name, in any form Day.js knows.
    pub fn from_name(name: &str) -> Option<Unit> {
        UNITS.iter().find(|(names, _)| names.contains(&name)).map(|(_, unit)| *unit)
    }
}

impl Display for DatePart {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            DatePart::Text(text) => text.chars().try_for_each(|letter| match letter {
                '[' => f.write_str("[[]"),
                _ if is_token_letter(letter) => write!(f, "[{letter}]"),
                _ => write!(f, "{letter}"),
            }),
            DatePart::UnixSeconds => f.write_str("X"),
            DatePart::UnixMilliseconds => f.write_str("x"),
            token => TOKENS.iter().find(|(_, part)| part == token).map_or(Ok(()), |(text, _)| f.write_str(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_offsets_and_formats() {
        let text = |text: &str| DatePart::Text(text.to_owned());
        for (source, expected) in [
            ("", Now::default()),
            (":X", Now { offset: None, format: vec![DatePart::UnixSeconds] }),
            ("+1:minutes:X", Now { offset: Some((1, Unit::Minutes)), format: vec![DatePart::UnixSeconds] }),
            ("-2:d:YYYY", Now { offset: Some((-2, Unit::Days)), format: vec![DatePart::Year] }),
            (":YYYY[Z]", Now { offset: None, format: vec![DatePart::Year, text("Z")] }),
            (":DD MMM", Now { offset: None, format: vec![DatePart::Day, text(" "), DatePart::MonthName] }),
        ] {
            assert_eq!(parse_now(source), Some(Ok(expected)), "{source}");
        }
        assert_eq!(parse_now("here"), None);
    }

    #[test]
    fn refuses_what_it_would_print_wrong() {
        for source in [":", ":hh", ":YYYY[", "+1:days", "+x:days:X", "+1:fortnights:X", ":YY"] {
            assert!(matches!(parse_now(source), Some(Err(_))), "{source}");
        }
    }
}
