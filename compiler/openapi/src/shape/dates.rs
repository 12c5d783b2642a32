//! Texts that are dates by their format, and whether an example is one.

use crate::read::At;
use crate::shape::view::peel;

/// The format of a text that is a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateFormat {
    /// `date-time`: an instant with its offset (RFC 3339 section 5.6).
    Instant,
    /// `date`: a day.
    Day,
}

/// The format of a schema, where it is one of a date.
pub(crate) fn format(at: &At<'_>) -> Option<DateFormat> {
    match peel(at).ok()?.0.text("format")? {
        "date-time" => Some(DateFormat::Instant),
        "date" => Some(DateFormat::Day),
        _ => None,
    }
}

/// True if a text is a date of this format.
pub(crate) fn fits(format: DateFormat, text: &str) -> bool {
    match format {
        DateFormat::Day => is_day(text),
        DateFormat::Instant => text.split_once('T').is_some_and(|(day, time)| is_day(day) && is_time(time)),
    }
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    year.len() == 4 && number(year).is_some() && in_range(month, 1, 12) && in_range(day, 1, 28 + days_more(year, month))
}

/// The days of a month beyond 28.
fn days_more(year: &str, month: &str) -> u32 {
    let year = number(year).unwrap_or_default();
    match month {
        "02" => u32::from(year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))),
        "04" | "06" | "09" | "11" => 2,
        _ => 3,
    }
}

fn is_time(text: &str) -> bool {
    let at = text.find(['Z', '+', '-']).unwrap_or(text.len());
    let (clock, offset) = text.split_at(at);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let [hour, minute, second] = parts.as_slice() else { return false };
    let is_offset = offset == "Z"
        || offset
            .get(1..)
            .and_then(|rest| rest.split_once(':'))
            .is_some_and(|(h, m)| in_range(h, 0, 23) && in_range(m, 0, 59));
    let is_clock = in_range(hour, 0, 23) && in_range(minute, 0, 59) && in_range(second, 0, 59);
    is_clock && is_offset && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
}

fn in_range(text: &str, least: u32, most: u32) -> bool {
    text.len() == 2 && number(text).is_some_and(|number| (least..=most).contains(&number))
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}
