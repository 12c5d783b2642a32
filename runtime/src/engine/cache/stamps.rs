//! Which readings of the store are out of date: a number for each of many slots, by the hash of what was written.
//!
//! A reading takes the number of the newest write before it begins. A write takes the next number when it has ended,
//! and puts it into its slot. So a reading is out of date once a slot that concerns it has a larger number, whatever
//! the order in which the two end: one that read the old record and keeps it after the write is found out when it is
//! asked for. Two records of one slot cost a reading too many, never one too few.

use crate::connection::ConnectionKey;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

/// What was written or read.
#[derive(Clone, Copy, Hash)]
pub(super) enum Subject<'a> {
    /// An integration with all its connections, by its key.
    IntegrationKey(&'a str),
    /// The same by its internal id.
    IntegrationId(&'a str),
    /// A connection by its key.
    ConnectionKey(&'a ConnectionKey),
    /// A connection by its integration's internal id and its own.
    ConnectionId(&'a str, &'a str),
}

/// When a reading began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReadAt(u64);

/// The slots that concern an account: of each of its names.
pub(super) type Slots = [u32; 4];

/// The number of slots for each account: a write makes less than one other account be read again, on average.
const SLOTS_EACH: usize = 4;
/// The fewest and the most slots: 8 KiB and 8 MiB.
const MIN_SLOTS: usize = 1 << 10;
const MAX_SLOTS: usize = 1 << 20;

pub(super) struct Stamps {
    /// The number of the newest write.
    last: AtomicU64,
    /// The number of the newest event after which nothing that was read before holds.
    all: AtomicU64,
    slots: Box<[AtomicU64]>,
    hasher: RandomState,
}

impl Stamps {
    /// Slots for about so many accounts.
    pub(super) fn new(accounts: usize) -> Stamps {
        let count = accounts.saturating_mul(SLOTS_EACH).clamp(MIN_SLOTS, MAX_SLOTS).next_power_of_two();
        let slots = (0..count).map(|_| AtomicU64::new(0)).collect();
        Stamps { last: AtomicU64::new(0), all: AtomicU64::new(0), slots, hasher: RandomState::new() }
    }

    /// The beginning of a reading.
    pub(super) fn reading(&self) -> ReadAt {
        ReadAt(self.last.load(Ordering::SeqCst))
    }

    /// Where the numbers of these stand.
    pub(super) fn slots(&self, subjects: [Subject<'_>; 4]) -> Slots {
        subjects.map(|subject| self.slot(subject))
    }

    /// True if a reading is not out of date.
    pub(super) fn hold(&self, reading: ReadAt, slots: Slots) -> bool {
        let number = |slot: u32| self.at(slot).map_or(u64::MAX, |number| number.load(Ordering::SeqCst));
        reading.0 >= self.all.load(Ordering::SeqCst) && slots.into_iter().all(|slot| reading.0 >= number(slot))
    }

    /// Something was written.
    pub(super) fn outdate(&self, what: Subject<'_>) {
        let number = self.next();
        if let Some(slot) = self.at(self.slot(what)) {
            slot.fetch_max(number, Ordering::SeqCst);
        }
    }

    /// Anything may have been written.
    pub(super) fn outdate_all(&self) {
        let number = self.next();
        self.all.fetch_max(number, Ordering::SeqCst);
    }

    fn next(&self) -> u64 {
        self.last.fetch_add(1, Ordering::SeqCst) + 1
    }

    fn slot(&self, what: Subject<'_>) -> u32 {
        let bits = self.hasher.hash_one(what);
        // Fewer than 2^32 slots, of a power of two.
        u32::try_from(bits & (self.slots.len() as u64 - 1)).unwrap_or(0)
    }

    fn at(&self, slot: u32) -> Option<&AtomicU64> {
        self.slots.get(usize::try_from(slot).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_out_of_date_by_what_concerns_it_and_was_written_since_it_began() {
        let key = ConnectionKey::new("acme", "u");
        let names = [
            Subject::IntegrationKey("acme"),
            Subject::IntegrationId("i"),
            Subject::ConnectionKey(&key),
            Subject::ConnectionId("i", "u"),
        ];
        for written in names {
            let stamps = Stamps::new(1000);
            let slots = stamps.slots(names);
            let before = stamps.reading();
            assert!(stamps.hold(before, slots));
            stamps.outdate(written);
            let after = stamps.reading();
            assert_eq!((stamps.hold(before, slots), stamps.hold(after, slots)), (false, true));
        }
        let stamps = Stamps::new(1000);
        let slots = stamps.slots(names);
        let others = (0..200).map(|number| number.to_string()).collect::<Vec<_>>();
        let hit = others.iter().filter(|other| {
            let reading = stamps.reading();
            stamps.outdate(Subject::ConnectionId(other, "u"));
            !stamps.hold(reading, slots)
        });
        assert!(hit.count() < 20, "the writes of others concern an account seldom");
        let before = stamps.reading();
        stamps.outdate_all();
        assert_eq!((stamps.hold(before, slots), stamps.hold(stamps.reading(), slots)), (false, true));
    }
}
