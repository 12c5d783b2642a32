//! A text as it reads with its escapes undone, and where each byte of that stands in the text.
//!
//! An upstream that echoes a secret may have escaped any of its characters: `%74ok3n`, `tok\u0033n`, `tok&#51;n`.
//! Undoing the escapes finds all of these, where a list of spellings finds only the usual ones.

use std::ops::Range;

/// The most layers of escaping that are undone.
const MAX_LAYERS: usize = 2;
/// The longest character reference, in bytes.
const MAX_REFERENCE: usize = 12;

/// Bytes, each with its place in the text.
pub(super) struct View {
    pub(super) bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

/// Reads an escape at the beginning of some bytes: its length, and the character or byte that it stands for.
type Escape = fn(&[u8]) -> Option<(usize, Unescaped)>;

#[derive(Clone, Copy)]
enum Unescaped {
    Byte(u8),
    Character(char),
}

/// Percent-encoding (RFC 3986), strings of JSON and of programs, character references of XML and HTML.
const ESCAPES: [Escape; 3] = [percent, backslash, reference];

/// Calls `see` with every reading of the text that differs from it.
pub(super) fn each(text: &str, see: &mut dyn FnMut(&View)) {
    if !text.contains(['%', '\\', '&']) {
        return;
    }
    let places = (0..text.len()).map(|at| at..at + 1).collect();
    deeper(&View { bytes: text.as_bytes().to_vec(), places }, MAX_LAYERS, see);
}

fn deeper(view: &View, layers: usize, see: &mut dyn FnMut(&View)) {
    if layers == 0 {
        return;
    }
    for escape in ESCAPES {
        if let Some(plain) = view.undone(escape) {
            see(&plain);
            deeper(&plain, layers - 1, see);
        }
    }
}

impl View {
    /// Where a range of the bytes stands in the text.
    pub(super) fn place(&self, range: Range<usize>) -> Option<Range<usize>> {
        let first = self.places.get(range.start)?;
        let last = self.places.get(range.end.checked_sub(1)?)?;
        Some(first.start..last.end)
    }

    /// The same without the escapes of one kind; `None` where there are none.
    fn undone(&self, escape: Escape) -> Option<View> {
        let mut plain = View { bytes: Vec::with_capacity(self.bytes.len()), places: Vec::new() };
        let mut at = 0;
        while let Some(rest) = self.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let (length, unescaped) = match escape(rest) {
                Some(found) => found,
                None => (1, Unescaped::Byte(*rest.first()?)),
            };
            let place = self.place(at..at + length)?;
            let mut buffer = [0; 4];
            match unescaped {
                Unescaped::Byte(byte) => plain.push(&[byte], &place),
                Unescaped::Character(char) => plain.push(char.encode_utf8(&mut buffer).as_bytes(), &place),
            }
            at += length;
        }
        (plain.bytes.len() != self.bytes.len()).then_some(plain)
    }

    fn push(&mut self, bytes: &[u8], place: &Range<usize>) {
        self.bytes.extend_from_slice(bytes);
        self.places.extend(bytes.iter().map(|_| place.clone()));
    }
}

fn percent(bytes: &[u8]) -> Option<(usize, Unescaped)> {
    let [b'%', digits @ ..] = bytes else { return None };
    Some((3, Unescaped::Byte(u8::try_from(hexadecimal(digits, 2)?).ok()?)))
}

fn backslash(bytes: &[u8]) -> Option<(usize, Unescaped)> {
    let [b'\\', kind, rest @ ..] = bytes else { return None };
    let byte = match kind {
        b'"' | b'\\' | b'/' | b'\'' => *kind,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'x' => return Some((4, Unescaped::Byte(u8::try_from(hexadecimal(rest, 2)?).ok()?))),
        b'u' => return unicode(rest),
        _ => return None,
    };
    Some((2, Unescaped::Byte(byte)))
}

/// `\uXXXX`, or two of them for a character outside of the basic plane (RFC 8259 section 7).
fn unicode(rest: &[u8]) -> Option<(usize, Unescaped)> {
    let first = hexadecimal(rest, 4)?;
    if let Some(char) = char::from_u32(first) {
        return Some((6, Unescaped::Character(char)));
    }
    let second = rest.get(4..)?.strip_prefix(b"\\u").and_then(|digits| hexadecimal(digits, 4))?;
    let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    let char = char::decode_utf16(units).next()?.ok()?;
    Some((12, Unescaped::Character(char)))
}

fn reference(bytes: &[u8]) -> Option<(usize, Unescaped)> {
    if bytes.first() != Some(&b'&') {
        return None;
    }
    let end = bytes.iter().take(MAX_REFERENCE).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(bytes.get(1..end)?).ok()?;
    let char = match name.strip_prefix('#') {
        None => match name {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            _ => return None,
        },
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => char::from_u32(u32::from_str_radix(digits, 16).ok()?)?,
            None => char::from_u32(number.parse().ok()?)?,
        },
    };
    Some((end + 1, Unescaped::Character(char)))
}

fn hexadecimal(bytes: &[u8], digits: usize) -> Option<u32> {
    let digits = bytes.get(..digits).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_one_kind_at_a_time_and_two_over_one_another() {
        for (text, plain) in [
            ("%74ok", "tok"),
            ("%2574ok", "tok"),
            (r"t\u006fk", "tok"),
            (r"\x74ok", "tok"),
            (r"\ud83d\ude00", "😀"),
            ("t&#111;k &#x74;&quot;", "tok t\""),
            (r"\u002574ok", "tok"),
            ("%5Cu0074ok", "tok"),
            ("a%zz%2", ""),
            (r"\ud83d", ""),
            ("&#99999999;&unknown;&", ""),
        ] {
            let mut readings = Vec::new();
            each(text, &mut |view| {
                assert_eq!(view.place(0..view.bytes.len()), Some(0..text.len()), "{text}");
                readings.push(String::from_utf8_lossy(&view.bytes).into_owned());
            });
            let found = readings.iter().any(|reading| reading == plain);
            assert!(if plain.is_empty() { readings.is_empty() } else { found }, "{text}: {readings:?}");
        }
    }
}
