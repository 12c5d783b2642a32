//! Instants as texts: the formats of `${now:...}`, and the dates of answers.

use keyway_spec::template::{DatePart, Now, Unit};

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]; // 1 January 1970 was a Thursday
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// ISO 8601 in UTC with milliseconds, as `${now}` has it.
pub(crate) fn iso(milliseconds: i64) -> String {
    format(milliseconds, &ISO)
}

/// `now` of a template at an instant.
pub(crate) fn now(now: &Now, milliseconds: i64) -> String {
    let moved = now.offset.map_or(milliseconds, |offset| moved(milliseconds, offset.amount.into(), offset.unit));
    format(moved, if now.format.is_empty() { &ISO } else { now.format })
}

const ISO: [DatePart; 14] = [
    DatePart::Year,
    DatePart::Text("-"),
    DatePart::Month,
    DatePart::Text("-"),
    DatePart::Day,
    DatePart::Text("T"),
    DatePart::Hour,
    DatePart::Text(":"),
    DatePart::Minute,
    DatePart::Text(":"),
    DatePart::Second,
    DatePart::Text("."),
    DatePart::Millisecond,
    DatePart::Text("Z"),
];

fn moved(milliseconds: i64, amount: i64, unit: Unit) -> i64 {
    let length = match unit {
        Unit::Milliseconds => 1,
        Unit::Seconds => 1000,
        Unit::Minutes => 60_000,
        Unit::Hours => 3_600_000,
        Unit::Days => 86_400_000,
        Unit::Weeks => 604_800_000,
        Unit::Months => return by_months(milliseconds, amount),
        Unit::Years => return by_months(milliseconds, amount.saturating_mul(12)),
    };
    milliseconds.saturating_add(amount.saturating_mul(length))
}

/// The same day of another month, or its last one.
fn by_months(milliseconds: i64, amount: i64) -> i64 {
    let (days, rest) = (milliseconds.div_euclid(86_400_000), milliseconds.rem_euclid(86_400_000));
    let (year, month, day) = date(days);
    let months = year.saturating_mul(12).saturating_add(month - 1).saturating_add(amount);
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let first = number(year, month, 1);
    let last = if month == 12 { number(year + 1, 1, 1) } else { number(year, month + 1, 1) } - first;
    (first + day.min(last) - 1).saturating_mul(86_400_000).saturating_add(rest)
}

/// A date by its parts, in UTC.
pub(crate) fn format(milliseconds: i64, parts: &[DatePart]) -> String {
    let (days, rest) = (milliseconds.div_euclid(86_400_000), milliseconds.rem_euclid(86_400_000));
    let (year, month, day) = date(days);
    let part = |part: &DatePart| match part {
        DatePart::Text(text) => (*text).to_owned(),
        DatePart::Year => format!("{year:04}"),
        DatePart::Month => format!("{month:02}"),
        DatePart::Day => format!("{day:02}"),
        DatePart::Hour => format!("{:02}", rest / 3_600_000),
        DatePart::Minute => format!("{:02}", rest / 60_000 % 60),
        DatePart::Second => format!("{:02}", rest / 1000 % 60),
        DatePart::Millisecond => format!("{:03}", rest % 1000),
        DatePart::WeekdayName => name(&DAYS, days.rem_euclid(7)),
        DatePart::MonthName => name(&MONTHS, month - 1),
        DatePart::OffsetColon => "+00:00".to_owned(),
        DatePart::OffsetPlain => "+0000".to_owned(),
        DatePart::UnixSeconds => milliseconds.div_euclid(1000).to_string(),
        DatePart::UnixMilliseconds => milliseconds.to_string(),
    };
    parts.iter().map(part).collect()
}

fn name(names: &[&str], at: i64) -> String {
    usize::try_from(at).ok().and_then(|at| names.get(at)).map_or_else(String::new, |name| (*name).to_owned())
}

/// Year, month and day of a number of days since 1970: the Gregorian calendar repeats every 400 years.
fn date(days: i64) -> (i64, i64, i64) {
    let mut year = 1970 + days.div_euclid(146_097) * 400;
    let mut left = days.rem_euclid(146_097);
    while left >= year_length(year) {
        left -= year_length(year);
        year += 1;
    }
    let mut month = 1;
    while left >= month_length(year, month) {
        left -= month_length(year, month);
        month += 1;
    }
    (year, month, left + 1)
}

/// The number of days since 1970 of a date.
fn number(year: i64, month: i64, day: i64) -> i64 {
    let eras = (year - 1970).div_euclid(400);
    let years: i64 = (1970 + eras * 400..year).map(year_length).sum();
    let months: i64 = (1..month).map(|month| month_length(year, month)).sum();
    eras * 146_097 + years + months + day - 1
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn year_length(year: i64) -> i64 {
    if is_leap(year) { 366 } else { 365 }
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_as_calendars_have_them() {
        for (milliseconds, expected) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_783_036_800_123, "2026-07-03T00:00:00.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(iso(milliseconds), expected);
        }
        assert_eq!(format(1_783_036_800_000, &[DatePart::WeekdayName]), "Fri");
        let january = 1_769_817_600_000; // 31 January 2026
        assert_eq!(iso(moved(january, 1, Unit::Months)), "2026-02-28T00:00:00.000Z");
        assert_eq!(iso(moved(january, -1, Unit::Years)), "2025-01-31T00:00:00.000Z");
    }
}
