//! Reading a pattern: alternatives, terms, groups and quantifiers, as ECMA-262 22.2.1 with Annex B.1.2 has them.

use super::check;
use super::groups::Groups;
use super::set::{LINE_END, Set};
use super::tree::{Kind, Node};
use super::units::is;
use super::{MAX_LENGTH, MAX_NESTING, Oddity, Refused};
use std::ops::Range;

/// The state of reading a pattern.
pub(super) struct Parser {
    units: Vec<u16>,
    /// Where in the text each unit begins, and where the last one ends.
    starts: Vec<usize>,
    next: usize,
    depth: usize,
    opened: u32,
    pub(super) groups: Groups,
    pub(super) oddities: Vec<Oddity>,
}

/// Reads a pattern; with what is odd about it.
pub(super) fn parse(text: &str) -> Result<(Node, Vec<Oddity>), Refused> {
    if text.len() > MAX_LENGTH {
        return Err(Refused { at: 0..text.len(), why: "is longer than 4096 bytes" });
    }
    let mut parser = Parser::new(text)?;
    let root = parser.either()?;
    if parser.peek().is_some() {
        return Err(parser.refuse(parser.next, parser.next + 1, "has a `)` without a `(`"));
    }
    check::bounds(&root)?;
    Ok((root, parser.oddities))
}

impl Parser {
    fn new(text: &str) -> Result<Parser, Refused> {
        let mut units = Vec::with_capacity(text.len());
        let mut starts = Vec::with_capacity(text.len() + 1);
        for (at, letter) in text.char_indices() {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                units.push(*unit);
                starts.push(at);
            }
        }
        starts.push(text.len());
        let groups = Groups::of(&units).map_err(|(from, to, why)| refused(&starts, from, to, why))?;
        Ok(Parser { units, starts, next: 0, depth: 0, opened: 0, groups, oddities: Vec::new() })
    }

    /// Alternatives, up to a `)` or the end.
    fn either(&mut self) -> Result<Node, Refused> {
        let from = self.next;
        let mut nodes = vec![self.alternative()?];
        while self.take('|') {
            nodes.push(self.alternative()?);
        }
        let kind =
            if nodes.len() > 1 { Kind::Either(nodes) } else { nodes.pop().map_or(Kind::Concat(vec![]), |n| n.kind) };
        Ok(Node { kind, at: self.span(from) })
    }

    fn alternative(&mut self) -> Result<Node, Refused> {
        let from = self.next;
        let mut nodes = Vec::new();
        while self.peek().is_some_and(|unit| !is(unit, '|') && !is(unit, ')')) {
            nodes.push(self.term()?);
        }
        Ok(Node { kind: Kind::Concat(nodes), at: self.span(from) })
    }

    fn term(&mut self) -> Result<Node, Refused> {
        let from = self.next;
        if self.quantifier().is_some() {
            return Err(self.refuse(from, self.next, "has a quantifier with nothing before it to repeat"));
        }
        let Some(unit) = self.advance() else { return Ok(Node { kind: Kind::Concat(vec![]), at: self.span(from) }) };
        let kind = match u8::try_from(unit).map(char::from) {
            Ok('^') => Kind::Start,
            Ok('$') => Kind::End,
            Ok('.') => Kind::Unit(Set::of(LINE_END).negated()),
            Ok('[') => Kind::Unit(self.class(from)?),
            Ok('(') => self.group(from)?,
            Ok('\\') => self.escape(from)?,
            _ => Kind::Unit(Set::one(unit)),
        };
        let atom = Node { kind, at: self.span(from) };
        // Annex B: a look-ahead may be repeated, other assertions may not.
        let repeatable =
            !matches!(atom.kind, Kind::Start | Kind::End | Kind::Boundary { .. } | Kind::Look { ahead: false, .. });
        let Some((least, most)) = (if repeatable { self.quantifier() } else { None }) else { return Ok(atom) };
        let lazy = self.take('?');
        if most.is_some_and(|most| most < least) {
            return Err(self.refuse(from, self.next, "has a quantifier whose numbers run backwards"));
        }
        Ok(Node { kind: Kind::Repeat { body: Box::new(atom), least, most, lazy }, at: self.span(from) })
    }

    /// A group or look-around, from after its `(`.
    fn group(&mut self, from: usize) -> Result<Kind, Refused> {
        let look = |ahead, negated| Some((ahead, negated));
        let (number, look) = if !self.starts_with("?") {
            (Some(self.open()), None)
        } else if self.take_text("?:") {
            (None, None)
        } else if self.take_text("?=") {
            (None, look(true, false))
        } else if self.take_text("?!") {
            (None, look(true, true))
        } else if self.take_text("?<=") {
            (None, look(false, false))
        } else if self.take_text("?<!") {
            (None, look(false, true))
        } else if self.take_text("?<") {
            // `Groups` has read the name.
            while self.advance().is_some_and(|unit| !is(unit, '>')) {}
            (Some(self.open()), None)
        } else {
            return Err(self.refuse(from, from + 3, "has a group that ECMAScript does not know"));
        };
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return Err(self.refuse(from, from + 1, "has more groups inside one another than are read"));
        }
        let body = Box::new(self.either()?);
        self.depth -= 1;
        if !self.take(')') {
            return Err(self.refuse(from, from + 1, "has a group that is not closed"));
        }
        Ok(match look {
            Some((ahead, negated)) => Kind::Look { ahead, negated, body },
            None => Kind::Group { number, body },
        })
    }

    fn open(&mut self) -> u32 {
        self.opened += 1;
        self.opened
    }

    /// `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`, without the `?` that makes it lazy. Other braces are literals (Annex
    /// B).
    fn quantifier(&mut self) -> Option<(u32, Option<u32>)> {
        for (sign, bounds) in [('*', (0, None)), ('+', (1, None)), ('?', (0, Some(1)))] {
            if self.take(sign) {
                return Some(bounds);
            }
        }
        let from = self.next;
        if self.take('{')
            && let Some(least) = self.number()
        {
            let most = if self.take(',') { self.number() } else { Some(least) };
            if self.take('}') {
                return Some((least, most));
            }
        }
        self.next = from;
        None
    }

    /// Decimal digits; a number that is too large is as large as can be.
    pub(super) fn number(&mut self) -> Option<u32> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|unit| char::from_u32(u32::from(unit))?.to_digit(10)) {
            number = Some(number.unwrap_or(0_u32).saturating_mul(10).saturating_add(digit));
            self.next += 1;
        }
        number
    }

    pub(super) fn peek(&self) -> Option<u16> {
        self.units.get(self.next).copied()
    }

    pub(super) fn advance(&mut self) -> Option<u16> {
        let unit = self.peek()?;
        self.next += 1;
        Some(unit)
    }

    pub(super) fn take(&mut self, letter: char) -> bool {
        let found = self.peek().is_some_and(|unit| is(unit, letter));
        self.next += usize::from(found);
        found
    }

    /// The digits of a base, if so many follow.
    pub(super) fn digits(&mut self, base: u32, count: usize) -> Option<u16> {
        let digits = self.units.get(self.next..self.next + count)?;
        let value = |unit: u16| char::from_u32(u32::from(unit)).filter(char::is_ascii)?.to_digit(base);
        let number = digits.iter().try_fold(0, |number, unit| Some(number * base + value(*unit)?))?;
        self.next += count;
        u16::try_from(number).ok()
    }

    fn starts_with(&self, text: &str) -> bool {
        let rest = self.units.get(self.next..).unwrap_or_default();
        rest.len() >= text.len() && rest.iter().zip(text.chars()).all(|(unit, letter)| is(*unit, letter))
    }

    fn take_text(&mut self, text: &str) -> bool {
        let found = self.starts_with(text);
        self.next += if found { text.len() } else { 0 };
        found
    }

    /// Where the next unit stands.
    pub(super) fn position(&self) -> usize {
        self.next
    }

    /// Goes back to a unit that was read.
    pub(super) fn rewind(&mut self, to: usize) {
        self.next = to;
    }

    /// The bytes from a unit to the next one to be read.
    pub(super) fn span(&self, from: usize) -> Range<usize> {
        bytes(&self.starts, from, self.next)
    }

    pub(super) fn refuse(&self, from: usize, to: usize, why: &'static str) -> Refused {
        refused(&self.starts, from, to, why)
    }
}

fn refused(starts: &[usize], from: usize, to: usize, why: &'static str) -> Refused {
    Refused { at: bytes(starts, from, to), why }
}

/// Units as bytes of the text. The second half of a pair begins where its first half does.
fn bytes(starts: &[usize], from: usize, to: usize) -> Range<usize> {
    let end = starts.last().copied().unwrap_or_default();
    let byte = |unit: usize| starts.get(unit).copied().unwrap_or(end);
    byte(from)..byte(to).max(byte(from))
}
