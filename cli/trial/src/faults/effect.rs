//! The effect of a fault.

use keyway_simulator::InjectedFault;

/// The status behind which an answer is lost: that of a proxy whose upstream went away.
const LOST: u16 = 502;
/// The longest time of a fault in milliseconds.
const MAX_TIME: u64 = 600_000;

/// All that is possible, for messages.
pub(super) fn possible() -> &'static str {
    "a fault is one of 503 (any status from 400 to 599), lost, cut, slow:2s, limited:3"
}

/// Reads an effect.
pub(super) fn parse(text: &str) -> Result<InjectedFault, String> {
    let (name, time) = text.split_once(':').map_or((text, None), |(name, time)| (name, Some(time)));
    match (name, time) {
        ("lost", None) => Ok(InjectedFault::LostAnswer(LOST)),
        ("cut", None) => Ok(InjectedFault::CutShort),
        ("slow", Some(time)) => Ok(InjectedFault::Slow(milliseconds(time)?)),
        ("limited", Some(time)) => {
            let seconds = milliseconds(time)?.div_ceil(1_000);
            Ok(InjectedFault::Limited(u32::try_from(seconds).unwrap_or(u32::MAX)))
        }
        _ => match text.parse() {
            Ok(status @ 400..=599) => Ok(InjectedFault::Unavailable(status)),
            _ => Err(format!("`{text}` is no fault: {}", possible())),
        },
    }
}

/// `2s`, `250ms`, or seconds without a unit.
fn milliseconds(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (text.strip_suffix('s').unwrap_or(text), 1_000),
    };
    let time = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    time.filter(|time| *time <= MAX_TIME).ok_or_else(|| {
        format!(
            "`{text}` is no time: write seconds such as `2s`, or milliseconds such as `250ms`, of at most ten minutes"
        )
    })
}
