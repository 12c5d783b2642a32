//! Instants in answers: seconds or milliseconds since 1970, and dates.
//!
//! An answer seldom says in which unit it counts, so that the size of a number decides. All instants here are whole
//! milliseconds since 1970-01-01T00:00:00Z; whether one can be meant is the caller's to judge.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use std::time::{Duration, UNIX_EPOCH};

/// The purpose for which an instant is read. The two differ in which numbers are milliseconds, and in which texts there
/// are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The end of a token's life (section 4.2.6 of the format's reference): numbers over 100,000,000,000 are
    /// milliseconds. A date may lack its zone, and `D:HH:MM` is a distance from now.
    Expiry,
    /// The end of a wait (section 5.7): numbers that are after 1971 in milliseconds are milliseconds. `0x10` is a
    /// number.
    Wait,
}

/// Seconds from which on a wait is an instant, whatever its field says: September 2001, or thirty years of waiting.
const FIRST_INSTANT: f64 = 1e9;

/// Milliseconds within which a number is an instant. Far over any date, so that it is a whole number too.
const MAX_MILLISECONDS: f64 = 1e17;

/// A wait that an answer names by a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wait {
    /// So long from now. [`Duration::MAX`] where the number is no duration.
    For(Duration),
    /// Until this instant, in milliseconds since 1970.
    Until(i64),
}

/// The instant that a text names; `now` is in milliseconds since 1970.
pub fn of_text(text: &str, kind: Use, now: i64) -> Option<i64> {
    let text = text.trim();
    if let Some(number) = number(text, kind) {
        return of_number(number, kind);
    }
    match (date(text), kind) {
        (Some(instant), _) => Some(instant),
        (None, Use::Wait) => None,
        (None, Use::Expiry) => without_zone(text).or_else(|| now.checked_add(days_hours_minutes(text)?)),
    }
}

/// The instant of a number since 1970: its size says whether it counts seconds or milliseconds. `None` beyond any date.
pub fn of_number(number: f64, kind: Use) -> Option<i64> {
    let most_seconds = match kind {
        Use::Expiry => 1e11,
        Use::Wait => 365.0 * 24.0 * 3600.0 * 1000.0,
    };
    of_milliseconds(if number > most_seconds { number } else { number * 1000.0 })
}

/// The instant of a number of milliseconds since 1970. `None` beyond any date.
pub fn of_milliseconds(number: f64) -> Option<i64> {
    #[allow(clippy::cast_possible_truncation)] // checked on the line
    (number.abs() < MAX_MILLISECONDS).then_some(number as i64)
}

/// The instant of a date: RFC 3339 or HTTP-date (RFC 9110 section 5.6.7). Either may name its zone as `UTC`, where the
/// standards write `Z` and `GMT`.
pub fn date(text: &str) -> Option<i64> {
    match text.strip_suffix(" UTC") {
        Some(of_utc) => http_date(&format!("{of_utc} GMT")).or_else(|| with_zone(&format!("{of_utc}Z"))),
        None => with_zone(text).or_else(|| http_date(text)),
    }
}

fn with_zone(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

fn http_date(text: &str) -> Option<i64> {
    let since = httpdate::parse_http_date(text).ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}

/// The instant of a date and time without a zone, which is UTC.
fn without_zone(text: &str) -> Option<i64> {
    let civil: DateTime = text.parse().ok()?;
    Offset::UTC.to_timestamp(civil).ok().map(Timestamp::as_millisecond)
}

/// The wait that a number of seconds asks for: none where it is negative, and an instant where no
/// wait can be so long.
pub fn of_wait(seconds: f64) -> Option<Wait> {
    if seconds >= FIRST_INSTANT {
        return of_number(seconds, Use::Wait).map(Wait::Until);
    }
    (seconds >= 0.0).then(|| Wait::For(duration(seconds)))
}

/// A duration of so many seconds: none where the number is negative, [`Duration::MAX`] where it is too large for one.
pub fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

/// The number that a text is, white space around it aside; never an infinite one.
pub fn number(text: &str, kind: Use) -> Option<f64> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).filter(|_| kind == Use::Wait) {
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        return u32::from_str_radix(digits, 16).ok().filter(|_| plain).map(f64::from);
    }
    // Rust reads `inf` and `nan` too.
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    text.parse::<f64>().ok().filter(|number| plain && number.is_finite())
}

/// `D:HH:MM`, in milliseconds.
fn days_hours_minutes(text: &str) -> Option<i64> {
    let mut parts = text.split(':').map(str::parse::<i64>);
    let (days, hours, minutes) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    if parts.next().is_some() || !(0..24).contains(&hours) || !(0..60).contains(&minutes) {
        return None;
    }
    days.checked_mul(24)?.checked_add(hours)?.checked_mul(60)?.checked_add(minutes)?.checked_mul(60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    #[test]
    fn a_text_is_an_instant_by_its_size_or_its_form() {
        for (text, expiry, wait) in [
            ("1735689600", Some(1_735_689_600_000), Some(1_735_689_600_000)),
            (" 1735689600.5 ", Some(1_735_689_600_500), Some(1_735_689_600_500)),
            ("1735689600123", Some(1_735_689_600_123), Some(1_735_689_600_123)),
            ("1.7356896e9", Some(1_735_689_600_000), Some(1_735_689_600_000)),
            // Between the two thresholds: the year 3554, or August 1971.
            ("50000000000", Some(50_000_000_000_000), Some(50_000_000_000)),
            ("100000000000", Some(100_000_000_000_000), Some(100_000_000_000)),
            ("100000000001", Some(100_000_000_001), Some(100_000_000_001)),
            ("31536000000", Some(31_536_000_000_000), Some(31_536_000_000_000)),
            ("-5", Some(-5000), Some(-5000)),
            ("0x10", None, Some(16_000)),
            ("1e17", None, None),
            ("1e999", None, None),
            ("inf", None, None),
            ("nan", None, None),
            ("2025-01-01T00:00:00Z", Some(1_735_689_600_000), Some(1_735_689_600_000)),
            ("2025-01-01T01:00:00.250+01:00", Some(1_735_689_600_250), Some(1_735_689_600_250)),
            ("2025-01-01T00:00:00", Some(1_735_689_600_000), None),
            ("Wed, 01 Jan 2025 00:00:00 GMT", Some(1_735_689_600_000), Some(1_735_689_600_000)),
            ("Wed, 01 Jan 2025 00:00:00 UTC", Some(1_735_689_600_000), Some(1_735_689_600_000)),
            ("2025-01-01 00:00:00 UTC", Some(1_735_689_600_000), Some(1_735_689_600_000)),
            ("2025-01-01T01:00:00+01:00 UTC", None, None),
            ("Wed, 01 Jan 2025 00:00:00 PST", None, None),
            ("soon UTC", None, None),
            (" UTC", None, None),
            ("1:02:03", Some(NOW + 93_780_000), None),
            ("1:25:00", None, None),
            ("1:02:60", None, None),
            ("1:02:03:04", None, None),
            ("9223372036854775807:00:00", None, None),
            ("soon", None, None),
            ("", None, None),
        ] {
            assert_eq!(of_text(text, Use::Expiry, NOW), expiry, "{text}");
            assert_eq!(of_text(text, Use::Wait, NOW), wait, "{text}");
        }
    }

    #[test]
    fn a_wait_is_seconds_until_it_can_be_none() {
        let seconds = |seconds| Some(Wait::For(Duration::from_secs_f64(seconds)));
        for (number, expected) in [
            (0.0, seconds(0.0)),
            (7.5, seconds(7.5)),
            (999_999_999.0, seconds(999_999_999.0)),
            (-1.0, None),
            (1e9, Some(Wait::Until(1_000_000_000_000))),
            (1_735_689_600_123.0, Some(Wait::Until(1_735_689_600_123))),
            (1e18, None),
        ] {
            assert_eq!(of_wait(number), expected, "{number}");
        }
        assert_eq!((duration(-1.0), duration(1e300)), (Duration::ZERO, Duration::MAX));
    }
}
