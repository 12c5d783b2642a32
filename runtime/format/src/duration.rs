//! Durations in answers: numbers with their units, `1h2m3.5s`, as several vendors write what is left of a rate limit's
//! window.
//!
//! A plain number is none: its unit would be a guess.

use std::time::Duration;

/// The units, by their nanoseconds; of two that begin alike the longer one stands first.
const UNITS: [(&str, f64); 8] =
    [("ms", 1e6), ("us", 1e3), ("\u{b5}s", 1e3), ("ns", 1.0), ("s", 1e9), ("m", 60e9), ("h", 3600e9), ("d", 86_400e9)];

/// The duration that a text is, white space around it aside: one or more numbers, each with its unit.
/// [`Duration::MAX`] where it is too long for one.
pub fn of_text(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut nanoseconds = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, behind) = rest.split_at(end);
        let (behind, unit) = UNITS.iter().find_map(|(unit, size)| Some((behind.strip_prefix(unit)?, size)))?;
        nanoseconds += number.parse::<f64>().ok()? * unit;
        rest = behind;
    }
    Some(Duration::try_from_secs_f64(nanoseconds / 1e9).unwrap_or(Duration::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_are_added_and_anything_else_is_none() {
        for (text, expected) in [
            ("1s", Some(1.0)),
            ("6m0s", Some(360.0)),
            ("20ms", Some(0.02)),
            ("1h2m3.5s", Some(3723.5)),
            (" 7.66s ", Some(7.66)),
            ("1d", Some(86_400.0)),
            ("250us", Some(0.00025)),
            ("0s", Some(0.0)),
            ("1.s", Some(1.0)),
            ("60", None),
            ("", None),
            (".s", None),
            ("1.2.3s", None),
            ("-1s", None),
            ("1 s", None),
            ("1s2", None),
            ("soon", None),
            ("1e3s", None),
        ] {
            assert_eq!(of_text(text), expected.map(Duration::from_secs_f64), "{text}");
        }
        assert_eq!(of_text(&format!("{}h", "9".repeat(400))), Some(Duration::MAX));
        assert_eq!(of_text(&"1h".repeat(10_000)), Some(Duration::from_secs(36_000_000)));
    }
}
