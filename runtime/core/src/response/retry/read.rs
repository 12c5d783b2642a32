//! One text to the wait that it names, in the unit that an entry says.

use crate::clock::Timestamp;
use keyway_format::duration;
use keyway_format::instant::{self, Use};
use keyway_spec::proxy::WaitUnit;
use std::time::Duration;

/// The wait that a text names. A number counts in the unit; how long may also be said as a date, as `Retry-After`
/// allows (RFC 9110 section 10.2.3), or with units of its own.
pub(super) fn read(text: &str, unit: WaitUnit, now: Timestamp) -> Option<Duration> {
    let number = instant::number(text, Use::Wait);
    let date = || until(instant::date(text.trim())?, now);
    let long = |seconds: f64| Some(instant::duration(seconds));
    match (unit, number) {
        (WaitUnit::Seconds, Some(number)) => long(number),
        (WaitUnit::Milliseconds, Some(number)) => long(number / 1000.0),
        (WaitUnit::Minutes, Some(number)) => long(number * 60.0),
        (WaitUnit::Seconds | WaitUnit::Milliseconds | WaitUnit::Minutes, None) => duration::of_text(text).or_else(date),
        (WaitUnit::Duration, _) => duration::of_text(text),
        (WaitUnit::Until, _) => until(instant::of_text(text, Use::Wait, now.as_millisecond())?, now),
        (WaitUnit::UntilSeconds, Some(number)) => until(instant::of_milliseconds(number * 1000.0)?, now),
        (WaitUnit::UntilMilliseconds, Some(number)) => until(instant::of_milliseconds(number)?, now),
        (WaitUnit::UntilSeconds | WaitUnit::UntilMilliseconds, None) => date(),
    }
}

/// Whole seconds until an instant; `None` if it is past.
pub(super) fn until(milliseconds: i64, now: Timestamp) -> Option<Duration> {
    let wait = u64::try_from(milliseconds.checked_sub(now.as_millisecond())?).ok()?;
    (wait > 0).then(|| Duration::from_secs(wait.div_ceil(1000)))
}
