//! Escapes, in classes and outside of them (ECMA-262 22.2.1, Annex B.1.2).

use super::groups::identifier;
use super::parse::Parser;
use super::set::{DIGIT, SPACE, Set, WORD};
use super::tree::Kind;
use super::units::is;
use super::{Oddity, Refused};

/// Constructs that an engine of another dialect reads differently.
const LETTER: &str = "an escape that ECMAScript reads as the letter itself";
const OCTAL: &str = "an octal escape, which other dialects take for a back-reference";

impl Parser {
    /// An escape outside of a class, from after its backslash.
    pub(super) fn escape(&mut self, from: usize) -> Result<Kind, Refused> {
        let unit = self.peek().ok_or_else(|| self.refuse(from, from + 1, "ends in a backslash"))?;
        match u8::try_from(unit).map(char::from) {
            Ok(letter @ ('b' | 'B')) => {
                self.advance();
                Ok(Kind::Boundary { negated: letter == 'B' })
            }
            Ok('k') if self.groups.any_named() => self.named_reference(from),
            Ok('1'..='9') => {
                let begin = self.position();
                if let Some(number) = self.number().filter(|number| *number <= self.groups.count()) {
                    return Ok(Kind::Reference(number));
                }
                self.rewind(begin);
                Ok(Kind::Unit(Set::one(self.character(from))))
            }
            _ => Ok(Kind::Unit(self.set().unwrap_or_else(|| Set::one(self.character(from))))),
        }
    }

    /// An escape in a class, from after its backslash.
    pub(super) fn class_escape(&mut self, from: usize) -> Result<Set, Refused> {
        let unit = self.peek().ok_or_else(|| self.refuse(from, from + 1, "ends in a backslash"))?;
        if is(unit, 'k') && self.groups.any_named() {
            return Err(self.refuse(
                from,
                from + 2,
                "has a `\\k` in a class, which ECMAScript refuses beside named groups",
            ));
        }
        if self.take('b') {
            return Ok(Set::one(0x08));
        }
        Ok(self.set().unwrap_or_else(|| {
            let control = self.control(true);
            Set::one(control.unwrap_or_else(|| self.character(from)))
        }))
    }

    /// `\d`, `\w`, `\s` and what is not in them.
    fn set(&mut self) -> Option<Set> {
        for (letter, ranges) in [('d', DIGIT), ('w', WORD), ('s', SPACE)] {
            if self.take(letter) {
                return Some(Set::of(ranges));
            }
            if self.take(letter.to_ascii_uppercase()) {
                return Some(Set::of(ranges).negated());
            }
        }
        None
    }

    /// The unit that an escape stands for. There is always one: Annex B reads what it does not know as itself.
    fn character(&mut self, from: usize) -> u16 {
        if let Some(control) = self.control(false) {
            return control;
        }
        let begin = self.position();
        let Some(unit) = self.advance() else { return u16::from(b'\\') };
        let letter = u8::try_from(unit).map_or('\0', char::from);
        let read = match letter {
            't' => Some(0x09),
            'n' => Some(0x0a),
            'v' => Some(0x0b),
            'f' => Some(0x0c),
            'r' => Some(0x0d),
            'x' => self.digits(16, 2),
            'u' => self.digits(16, 4),
            '0'..='7' => Some(self.octal(from, letter)),
            _ => None,
        };
        if read.is_none() && letter.is_ascii_alphabetic() {
            self.oddities.push(Oddity { at: self.span(from), what: LETTER });
        }
        if letter == 'c' {
            // No letter follows: the backslash stands for itself, and the `c` is read again.
            self.rewind(begin);
            return u16::from(b'\\');
        }
        read.unwrap_or(unit)
    }

    /// `\cA`; in a class a digit or `_` may stand for the letter too (Annex B).
    fn control(&mut self, class: bool) -> Option<u16> {
        if !self.take('c') {
            return None;
        }
        let letter = self.peek().filter(|unit| {
            let letter = u8::try_from(*unit).unwrap_or_default();
            letter.is_ascii_alphabetic() || class && (letter.is_ascii_digit() || letter == b'_')
        });
        let after = self.position() + usize::from(letter.is_some());
        self.rewind(if letter.is_some() { after } else { after - 1 });
        letter.map(|letter| letter % 32)
    }

    /// The rest of one to three octal digits of which one was read: at most `\377`.
    fn octal(&mut self, from: usize, first: char) -> u16 {
        let mut number = first.to_digit(8).and_then(|digit| u16::try_from(digit).ok()).unwrap_or_default();
        for _ in 0..2 {
            if number >= 32 {
                break;
            }
            let Some(digit) = self.digits(8, 1) else { break };
            number = number * 8 + digit;
        }
        if self.span(from).len() > 2 || first != '0' {
            self.oddities.push(Oddity { at: self.span(from), what: OCTAL });
        }
        number
    }

    /// `\k<name>`, from before its `k`.
    fn named_reference(&mut self, from: usize) -> Result<Kind, Refused> {
        self.advance();
        let mut name = Vec::new();
        if self.take('<') {
            while let Some(unit) = self.peek().filter(|unit| !is(*unit, '>')) {
                name.push(unit);
                self.advance();
            }
        }
        let closed = self.take('>');
        let number = identifier(&name).filter(|_| closed).and_then(|name| self.groups.number(&name));
        number
            .map(Kind::Reference)
            .ok_or_else(|| self.refuse(from, from + 2, "has a `\\k` without the name of a group"))
    }
}
