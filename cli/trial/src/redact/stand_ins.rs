//! The stand-ins of a recording: one for each value, whatever answer it comes in.

use super::shapes::ValueClass;
use super::times;
use percent_encoding::percent_decode_str;
use std::collections::{BTreeMap, BTreeSet};

/// Values with their stand-ins, and words that stayed.
#[derive(Default)]
pub(super) struct StandInTable {
    /// By the value as it is without percent-encoding.
    of: BTreeMap<String, String>,
    counts: BTreeMap<ValueClass, usize>,
    stayed: BTreeSet<String>,
}

impl StandInTable {
    /// The stand-in of a value: the one that it has, else a new one of the class. Digits are digits again, because a
    /// value may be a number in one place and a text in another.
    pub(super) fn of(&mut self, value: &str, class: ValueClass) -> String {
        let key = plain(value);
        if let Some(known) = self.of.get(&key) {
            return known.clone();
        }
        let stand_in = loop {
            let count = self.counts.entry(class).or_default();
            *count += 1;
            let stand_in = stand_in(class, *count, value);
            if stand_in != key {
                break stand_in;
            }
        };
        self.of.insert(key, stand_in.clone());
        stand_in
    }

    /// Says which stand-in a value has.
    pub(super) fn set(&mut self, value: &str, stand_in: &str) {
        self.of.insert(plain(value), stand_in.to_owned());
    }

    /// True if a value has one.
    pub(super) fn has(&self, value: &str) -> bool {
        self.of.contains_key(&plain(value))
    }

    /// Notes a text that stays.
    pub(super) fn stays(&mut self, text: &str) {
        self.stayed.insert(text.to_owned());
    }

    /// The number of values.
    pub(super) fn len(&self) -> usize {
        self.of.len()
    }

    /// The values that were replaced, without those that stay elsewhere as words.
    pub(super) fn replaced(&self) -> impl Iterator<Item = &str> {
        self.of.keys().map(String::as_str).filter(|value| !self.stayed.contains(*value))
    }
}

/// A value without its percent-encoding: `a%3D` in a URL is the `a=` of a body.
fn plain(value: &str) -> String {
    percent_decode_str(value).decode_utf8().map_or_else(|_| value.to_owned(), std::borrow::Cow::into_owned)
}

/// The stand-in of a number in its class. Hosts and addresses are those that RFC 2606 and RFC 5737 keep free.
fn stand_in(class: ValueClass, number: usize, value: &str) -> String {
    match class {
        ValueClass::Token => format!("token-{number}"),
        ValueClass::Cursor => format!("cursor-{number}"),
        ValueClass::Id => format!("id-{number}"),
        ValueClass::Email => format!("user{number}@example.com"),
        ValueClass::Uuid => format!("00000000-0000-4000-8000-{number:012}"),
        ValueClass::Digits => format!("{}", 1000 + number),
        ValueClass::Fraction => format!("{}.5", 1000 + number),
        ValueClass::Phone => format!("+1202555{:04}", 100 + number % 100),
        ValueClass::IpV4 => format!("192.0.2.{}", number % 250 + 1),
        ValueClass::IpV6 => format!("2001:db8::{number:x}"),
        ValueClass::Instant => times::some_instant(number, value),
        ValueClass::Day => format!("2026-01-{:02}", number % 28 + 1),
        ValueClass::Url => format!("https://www.example.com/{number}"),
        ValueClass::Name => format!("Name {number}"),
        ValueClass::Text => format!("text {number}"),
    }
}
