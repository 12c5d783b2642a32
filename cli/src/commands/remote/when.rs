//! Instants as people say them: `in 12 minutes`, `3 days ago`.

use crate::commands::plural;
use crate::harmless::harmless;
use keyway::clock::Timestamp;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
/// Less than so many of a unit are said in it.
const UNITS: [(u64, u64, &str, &str); 4] = [
    (1, 60, "second", "seconds"),
    (MINUTE, 60, "minute", "minutes"),
    (HOUR, 48, "hour", "hours"),
    (DAY, 730, "day", "days"),
];

/// An instant of RFC 3339, from now; a text that is none as it is.
pub(super) fn from_now(at: &str, now: Timestamp) -> String {
    let Ok(at) = at.parse::<Timestamp>() else { return harmless(at) };
    let seconds = at.as_second().saturating_sub(now.as_second());
    let amount = amount(seconds.unsigned_abs());
    match seconds {
        0 => "now".to_owned(),
        1.. => format!("in {amount}"),
        _ => format!("{amount} ago"),
    }
}

fn amount(seconds: u64) -> String {
    for (unit, most, one, more) in UNITS {
        let count = seconds / unit;
        if count < most {
            return plural(usize::try_from(count).unwrap_or(usize::MAX), one, more);
        }
    }
    plural(usize::try_from(seconds / (365 * DAY)).unwrap_or(usize::MAX), "year", "years")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_said_in_the_largest_unit_that_has_two_digits() {
        let now: Timestamp = "2030-01-31T12:00:00Z".parse().unwrap();
        for (at, expected) in [
            ("2030-01-31T12:00:00.500Z", "now"),
            ("2030-01-31T12:00:01.000Z", "in 1 second"),
            ("2030-01-31T11:59:01Z", "59 seconds ago"),
            ("2030-01-31T12:12:30Z", "in 12 minutes"),
            ("2030-01-31T10:59:00Z", "1 hour ago"),
            ("2030-02-02T11:59:59Z", "in 47 hours"),
            ("2030-01-28T12:00:00Z", "3 days ago"),
            ("2040-01-31T12:00:00Z", "in 10 years"),
            ("0000-01-01T00:00:00Z", "2031 years ago"),
            ("soon\u{1b}", "soon\\u{1b}"),
        ] {
            assert_eq!(from_now(at, now), expected, "{at}");
        }
    }
}
