//! Characters that no URL holds (RFC 3986 section 2): blanks, line breaks, what the eye does not see.
//!
//! Further limits of paths and host names are in their own files.

use super::drawn::HOLE;
use super::fault::{Fault, Weight};
use super::form::Form;
use std::ops::Range;

/// Finds them, a run of the same kind at a time.
pub(super) fn read(text: &str, form: Form, found: &mut Vec<Fault>) {
    // Most URLs are of printable ASCII, which has no such character.
    if text.bytes().all(|byte| byte.is_ascii_graphic() || char::from(byte) == HOLE) {
        return;
    }
    let inner = text.len() - text.trim_start().len()..text.trim_end().len();
    for (range, kind) in runs(text) {
        let (start, end) = (range.start < inner.start, range.end > inner.end);
        let name = kind.name(text.get(range.clone()).unwrap_or_default());
        found.push(match kind {
            Kind::Blank if start || end => {
                let weight = if form == Form::Below { Weight::Respelled } else { Weight::Refused };
                let place = if start { "begins" } else { "ends" };
                Fault::new(weight, range, format!("a URL {place} with {name}"), "remove it").mended("")
            }
            Kind::Blank if form != Form::Base && is_behind_host(text, range.start, form) => {
                let help = "write `%20` where a blank is meant, else remove it";
                Fault::new(Weight::Respelled, range, format!("a URL holds {name}, which is sent as `%20`"), help)
            }
            Kind::Control if name == LINE_BREAK => {
                let help = "write the URL on one line: a `|` block ends with a line break";
                let fault = Fault::refused(range, format!("a URL holds {name}"), help);
                if start || end { fault.mended("") } else { fault }
            }
            Kind::Control if start || end => {
                Fault::refused(range, format!("a URL holds {name}"), "remove it").mended("")
            }
            Kind::Quote => Fault::refused(range, format!("a URL holds {name}"), "write the URL by itself, or in `'`"),
            Kind::Blank | Kind::Control => Fault::refused(range, format!("a URL holds {name}"), "remove it"),
            Kind::Unseen => {
                Fault::refused(range, format!("a URL holds {name}, which the eye does not see"), "remove it").mended("")
            }
        });
    }
}

/// True if a byte stands after the host, where a blank is a part of a path or a query.
fn is_behind_host(text: &str, at: usize, form: Form) -> bool {
    if form == Form::Below {
        return true;
    }
    let begin = text.find("://").map_or(0, |at| at + "://".len());
    text.get(begin..at).is_some_and(|before| before.contains(['/', '?', '#']))
}

const LINE_BREAK: &str = "a line break";

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A blank of the keyboard.
    Blank,
    /// Other white space, control characters.
    Control,
    /// Quotation marks of a word processor.
    Quote,
    /// Characters without a shape.
    Unseen,
}

impl Kind {
    fn of(letter: char) -> Option<Kind> {
        match letter {
            HOLE => None,
            ' ' => Some(Kind::Blank),
            '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}' => Some(Kind::Unseen),
            '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{2039}' | '\u{203a}' => Some(Kind::Quote),
            _ if letter.is_whitespace() || letter.is_control() => Some(Kind::Control),
            _ => None,
        }
    }

    /// The name in messages of the first character of a run.
    fn name(self, run: &str) -> String {
        let letter = run.chars().next().unwrap_or_default();
        let code = u32::from(letter);
        match letter {
            ' ' => "a blank".to_owned(),
            '\n' | '\r' => LINE_BREAK.to_owned(),
            '\t' => "a tab".to_owned(),
            '\u{a0}' | '\u{202f}' => format!("a no-break space (U+{code:04X})"),
            '\u{200b}' => format!("a zero-width space (U+{code:04X})"),
            '\u{feff}' => format!("a byte order mark (U+{code:04X})"),
            '\u{ad}' => format!("a soft hyphen (U+{code:04X})"),
            _ if self == Kind::Quote => format!("a typographic quotation mark (U+{code:04X})"),
            _ if letter.is_whitespace() => format!("white space (U+{code:04X})"),
            _ if self == Kind::Unseen => format!("U+{code:04X}"),
            _ => format!("a control character (U+{code:04X})"),
        }
    }
}

/// Runs of characters of one kind.
fn runs(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut found: Vec<(Range<usize>, Kind)> = Vec::new();
    for (at, letter) in text.char_indices() {
        let Some(kind) = Kind::of(letter) else { continue };
        let end = at + letter.len_utf8();
        match found.last_mut() {
            Some((range, last)) if range.end == at && *last == kind => range.end = end,
            _ => found.push((at..end, kind)),
        }
    }
    found
}
