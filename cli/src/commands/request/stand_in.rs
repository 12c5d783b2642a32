//! Texts that stand for what is shown by name.
//!
//! A request is built with a stand-in in the place of each secret, and read afterwards: wherever a stand-in comes out,
//! its name is shown. A stand-in is hexadecimal digits, which no encoding of URLs, forms or JSON touches and which a
//! host name may hold. Base64 is decoded to look inside. `given` decides which values get one.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use keyway::clock::Moment;
use std::collections::BTreeSet;

/// The stand-ins of a request.
pub(super) struct StandIns {
    /// The prefix of each: 64 random bits, which no other text holds.
    tag: String,
    /// The texts that are shown, by number.
    shown: Vec<String>,
    /// Those that came out.
    seen: BTreeSet<usize>,
}

/// The digits of the number after the tag.
const DIGITS: usize = 4;
const TAG_DIGITS: usize = 16;
/// A shorter run of the alphabet of Base64 cannot hold a stand-in.
const MIN_RUN: usize = (TAG_DIGITS + DIGITS) / 3 * 4;

impl StandIns {
    /// No stand-ins yet. The moment must be another than the request's, whose nonce has the same digits.
    pub(super) fn new(moment: &Moment) -> StandIns {
        let tag = moment.uuid.chars().filter(char::is_ascii_hexdigit).take(TAG_DIGITS).collect();
        StandIns { tag, shown: Vec::new(), seen: BTreeSet::new() }
    }

    /// A text in whose place `shown` is shown. The same for the same.
    pub(super) fn of(&mut self, shown: impl Into<String>) -> String {
        let shown = shown.into();
        let known = self.shown.iter().position(|other| *other == shown);
        let number = known.unwrap_or_else(|| {
            self.shown.push(shown);
            self.shown.len() - 1
        });
        format!("{}{number:0DIGITS$x}", self.tag)
    }

    /// True if a text holds a stand-in, in the open.
    pub(super) fn is_in(&self, text: &str) -> bool {
        text.contains(&self.tag)
    }

    /// Counts a name that is shown without its stand-in.
    pub(super) fn see(&mut self, shown: &str) {
        self.seen.extend(self.shown.iter().position(|other| other == shown));
    }

    /// True if what is shown as `shown` came out.
    pub(super) fn was_seen(&self, shown: &str) -> bool {
        self.seen.iter().any(|number| self.shown.get(*number).is_some_and(|other| other == shown))
    }

    /// The text with names in the place of stand-ins, and Base64 that holds one as `base64(...)`.
    pub(super) fn named(&mut self, text: &str) -> String {
        let decoded = self.decoded(text);
        self.in_the_open(&decoded, str::to_owned)
    }

    /// The same for a JSON text, which stays one.
    pub(super) fn named_in_json(&mut self, text: &str) -> String {
        let decoded = self.decoded(text);
        let escaped = |shown: &str| {
            let string = serde_json::Value::from(shown).to_string();
            string.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
        };
        self.in_the_open(&decoded, escaped)
    }

    fn decoded(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_base64) {
            let (before, from) = rest.split_at(start);
            let (run, behind) = from.split_at(from.find(|c| !is_base64(c)).unwrap_or(from.len()));
            out.push_str(before);
            if let Some(inside) = self.inside(run) {
                out.extend(["base64(", &inside, ")"]);
                rest = behind.trim_start_matches('=');
            } else {
                out.push_str(run);
                rest = behind;
            }
        }
        out.push_str(rest);
        out
    }

    /// The content of a run of Base64, if a stand-in is among it.
    fn inside(&self, run: &str) -> Option<String> {
        if run.len() < MIN_RUN || self.is_in(run) {
            return None;
        }
        let bytes = STANDARD_NO_PAD.decode(run).or_else(|_| STANDARD.decode(run)).ok()?;
        String::from_utf8(bytes).ok().filter(|text| self.is_in(text))
    }

    fn in_the_open(&mut self, text: &str, spelt: impl Fn(&str) -> String) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once(self.tag.as_str()) {
            out.push_str(before);
            let number = behind.get(..DIGITS).and_then(|digits| usize::from_str_radix(digits, 16).ok());
            if let Some((number, shown)) = number.and_then(|number| Some((number, self.shown.get(number)?))) {
                out.push_str(&spelt(shown));
                self.seen.insert(number);
                rest = behind.get(DIGITS..).unwrap_or_default();
            } else {
                // A part of one. Nothing that is known cuts them: calls of `truncate` are written out.
                out.push_str("...");
                rest = behind;
            }
        }
        out.push_str(rest);
        out
    }
}

fn is_base64(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway::clock::System;

    fn stand_ins() -> StandIns {
        StandIns::new(&Moment::take(&System).unwrap())
    }

    #[test]
    fn a_stand_in_is_read_back_wherever_it_comes_out() {
        let mut all = stand_ins();
        let [user, word] = ["<username>", "<password>"].map(|name| all.of(name));
        assert_eq!(all.of("<username>"), user);
        for (text, shown) in [
            (format!("Bearer {user}"), "Bearer <username>"),
            (
                format!("https://a.example.com/x?k={user}&l={user}{word}"),
                "https://a.example.com/x?k=<username>&l=<username><password>",
            ),
            (format!("Basic {}", STANDARD.encode(format!("{user}:{word}"))), "Basic base64(<username>:<password>)"),
            (format!("Basic {}, x", STANDARD.encode(format!("{user}:"))), "Basic base64(<username>:), x"),
            (format!("Basic {}", STANDARD.encode(format!("ann\u{e9}:{word}"))), "Basic base64(ann\u{e9}:<password>)"),
            ("Basic YW5uOnBhc3N3b3JkLXRoYXQtaXMtbG9uZw==".to_owned(), "Basic YW5uOnBhc3N3b3JkLXRoYXQtaXMtbG9uZw=="),
            ("==a=".to_owned(), "==a="),
            (String::new(), ""),
        ] {
            assert_eq!(all.named(&text), shown);
        }
        assert!(all.was_seen("<password>") && !all.was_seen("<apiKey>"));
    }

    #[test]
    fn what_is_cut_shows_no_digits() {
        let mut all = stand_ins();
        let cut: String = all.of("<apiKey>").chars().take(TAG_DIGITS + 1).collect();
        assert_eq!(all.named(&cut), "...0");
    }
}
