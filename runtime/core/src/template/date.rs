//! `now`: one instant, moved and printed in UTC.
//!
//! The instant is passed in.

use super::Unfit;
use crate::clock::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset as Utc;
use jiff::{Span, ToSpan};
use keyway_spec::template::{DatePart, Now, Offset, Unit};
use std::fmt::Write;

/// The text of a `now` node.
pub(super) fn format(now: &Now, instant: Timestamp) -> Result<String, Unfit> {
    let utc = Utc::UTC.to_datetime(instant);
    let moved = match now.offset {
        Some(offset) => shift(utc, offset).ok_or_else(|| Unfit::new("now", "is moved out of the calendar"))?,
        None => utc,
    };
    let mut text = String::new();
    if now.format.is_empty() {
        print(&mut text, ISO, moved)?;
    } else {
        print(&mut text, now.format, moved)?;
    }
    Ok(text)
}

/// ISO 8601 with milliseconds and `Z`.
const ISO: &[DatePart] = &[
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

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn print(text: &mut String, parts: &[DatePart], at: DateTime) -> Result<(), Unfit> {
    let instant = Utc::UTC.to_timestamp(at).map_err(|_| Unfit::new("now", "is moved out of the calendar"))?;
    for part in parts {
        let printed = match part {
            DatePart::Text(literal) => write!(text, "{literal}"),
            DatePart::Year => write!(text, "{:04}", at.year()),
            DatePart::Month => write!(text, "{:02}", at.month()),
            DatePart::Day => write!(text, "{:02}", at.day()),
            DatePart::Hour => write!(text, "{:02}", at.hour()),
            DatePart::Minute => write!(text, "{:02}", at.minute()),
            DatePart::Second => write!(text, "{:02}", at.second()),
            DatePart::Millisecond => write!(text, "{:03}", at.millisecond()),
            DatePart::WeekdayName => write!(text, "{}", name(&WEEKDAYS, at.weekday().to_monday_zero_offset())),
            DatePart::MonthName => write!(text, "{}", name(&MONTHS, at.month() - 1)),
            DatePart::OffsetColon => write!(text, "+00:00"),
            DatePart::OffsetPlain => write!(text, "+0000"),
            DatePart::UnixSeconds => write!(text, "{}", instant.as_millisecond().div_euclid(1000)),
            DatePart::UnixMilliseconds => write!(text, "{}", instant.as_millisecond()),
        };
        printed.map_err(|_| Unfit::new("now", "cannot be printed"))?;
    }
    Ok(())
}

fn name(names: &[&'static str], index: i8) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or("")
}

fn shift(at: DateTime, offset: Offset) -> Option<DateTime> {
    let amount = i64::from(offset.amount);
    let span: Span = match offset.unit {
        Unit::Milliseconds => amount.milliseconds(),
        Unit::Seconds => amount.seconds(),
        Unit::Minutes => amount.minutes(),
        Unit::Hours => amount.hours(),
        Unit::Days => Span::new().try_days(amount).ok()?,
        Unit::Weeks => Span::new().try_weeks(amount).ok()?,
        Unit::Months => Span::new().try_months(amount).ok()?,
        Unit::Years => Span::new().try_years(amount).ok()?,
    };
    at.checked_add(span).ok()
}
