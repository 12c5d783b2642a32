//! Texts as ECMAScript sees them without the flag `u`: as UTF-16 code units.
//!
//! A character beyond U+FFFF is two units, a surrogate pair, and `.` matches one of the two. The engines match `char`s,
//! and a surrogate is none. So a surrogate is written as a private character of plane 16, in patterns and in texts
//! alike; nothing else can be taken for one, because every real character of that plane is written as a pair itself.

use std::borrow::Cow;

/// The first surrogate, and the last.
pub(super) const SURROGATES: (u16, u16) = (0xd800, 0xdfff);

/// The character that the first surrogate is written as.
const STAND_IN: u32 = 0x10_0000;

/// A text with a character for each of its UTF-16 code units.
///
/// Borrowed where all characters are at most U+FFFF, as nearly all texts are.
pub fn units(text: &str) -> Cow<'_, str> {
    if text.chars().all(|letter| letter.len_utf16() == 1) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.encode_utf16().map(character).collect())
}

/// The characters that [`units`] made; surrogates without their other half become U+FFFD.
pub fn characters(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|letter| surrogate(letter).is_some()) {
        return Cow::Borrowed(text);
    }
    let unit = |letter: char| surrogate(letter).or_else(|| u16::try_from(u32::from(letter)).ok()).unwrap_or(0xfffd);
    let units: Vec<u16> = text.chars().map(unit).collect();
    Cow::Owned(String::from_utf16_lossy(&units))
}

/// The character for a code unit.
pub(super) fn character(unit: u16) -> char {
    let stands_for = || char::from_u32(STAND_IN + u32::from(unit - SURROGATES.0));
    char::from_u32(u32::from(unit)).or_else(stands_for).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// True if a unit is a letter of ASCII.
pub(super) fn is(unit: u16, letter: char) -> bool {
    u32::from(unit) == u32::from(letter)
}

fn surrogate(letter: char) -> Option<u16> {
    let offset = u16::try_from(u32::from(letter).checked_sub(STAND_IN)?).ok()?;
    SURROGATES.0.checked_add(offset).filter(|unit| *unit <= SURROGATES.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_beyond_the_first_plane_is_two_and_comes_back_whole() {
        for (text, count) in
            [("", 0), ("aé\u{ffff}", 3), ("😀", 2), ("a😀b", 4), ("\u{100000}", 2), ("\u{10ffff}\u{e000}", 3)]
        {
            let split = units(text);
            assert_eq!(split.chars().count(), count, "{text:?}");
            assert_eq!(characters(&split), text);
        }
        let half: String = units("😀").chars().take(1).collect();
        assert_eq!(characters(&half), "\u{fffd}");
    }
}
