//! Instants of an answer, moved so that it came on the day of all samples: what is left of a token or a wait stays, and
//! two recordings of the same differ in nothing.

use keyway::Timestamp;
use std::time::{Duration, UNIX_EPOCH};

/// The day of all samples, in seconds since 1970: 2026-01-02T03:04:05Z.
const DAY: i64 = 1_767_323_045;
/// Numbers that are seconds since 1970: from 2001 to 2286.
const SECONDS: std::ops::RangeInclusive<i64> = 1_000_000_000..=9_999_999_999;

/// The distance by which instants of an answer are moved.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TimeShift {
    /// Whole seconds, so that fractions stay as they are.
    seconds: i64,
}

impl TimeShift {
    /// That of an answer of this instant.
    pub(super) fn of(at: Timestamp) -> TimeShift {
        TimeShift { seconds: DAY - at.as_second() }
    }

    /// A number moved, where it is an instant in seconds or in milliseconds.
    pub(super) fn number(self, number: i64) -> Option<i64> {
        let by = if SECONDS.contains(&number) {
            self.seconds
        } else if SECONDS.contains(&(number / 1000)) {
            self.seconds.checked_mul(1000)?
        } else {
            return None;
        };
        number.checked_add(by)
    }

    /// A text moved, where it is an instant; in the form that it has.
    pub(super) fn text(self, text: &str) -> Option<String> {
        if let Ok(number) = text.parse::<i64>() {
            return self.number(number).map(|moved| moved.to_string());
        }
        if let Some((whole, fraction)) = text.split_once('.')
            && fraction.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Some(format!("{}.{fraction}", self.number(whole.parse().ok()?)?));
        }
        let milliseconds = keyway_format::instant::date(text)?.checked_add(self.seconds.checked_mul(1000)?)?;
        written(milliseconds, text)
    }
}

/// The instant at which moved answers come.
pub(super) fn day() -> Timestamp {
    Timestamp::from_second(DAY).unwrap_or_default()
}

/// An instant of no meaning, in the form of another one.
pub(super) fn some_instant(number: usize, like: &str) -> String {
    let seconds = DAY.saturating_add(i64::try_from(number).unwrap_or_default());
    written(seconds.saturating_mul(1000), like).unwrap_or_else(|| "2026-01-02T03:04:05Z".to_owned())
}

/// An instant as RFC 3339 or HTTP-date (RFC 9110 section 5.6.7), whichever another one is.
fn written(milliseconds: i64, like: &str) -> Option<String> {
    if like.parse::<Timestamp>().is_ok() {
        return Timestamp::from_millisecond(milliseconds).ok().map(|at| at.to_string());
    }
    let since = Duration::from_millis(u64::try_from(milliseconds).ok()?);
    Some(httpdate::fmt_http_date(UNIX_EPOCH.checked_add(since)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_keep_their_form_and_their_distance() {
        let shift = TimeShift::of("2026-11-30T00:00:00Z".parse().unwrap());
        for (text, expected) in [
            ("1796000400", Some("1767326645")),
            ("1796000400000", Some("1767326645000")),
            ("1796000400.25", Some("1767326645.25")),
            ("2026-11-30T01:00:00Z", Some("2026-01-02T04:04:05Z")),
            ("2026-11-30T02:00:00.5+01:00", Some("2026-01-02T04:04:05.5Z")),
            ("Mon, 30 Nov 2026 01:00:00 GMT", Some("Fri, 02 Jan 2026 04:04:05 GMT")),
            ("3600", None),
            ("soon", None),
        ] {
            assert_eq!(shift.text(text).as_deref(), expected, "{text}");
        }
    }
}
