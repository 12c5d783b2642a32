//! Classes: `[a-z]`, `[^\s]`.

use super::Refused;
use super::parse::Parser;
use super::set::Set;

impl Parser {
    /// A class, from after its `[`. `[]` matches nothing and `[^]` anything.
    pub(super) fn class(&mut self, from: usize) -> Result<Set, Refused> {
        let negated = self.take('^');
        let mut ranges: Vec<(u16, u16)> = Vec::new();
        while !self.take(']') {
            let begin = self.position();
            let first = self.class_atom(from)?;
            if !self.take('-') {
                ranges.extend(first.ranges());
                continue;
            }
            if self.take(']') {
                ranges.extend(first.ranges());
                ranges.push((HYPHEN, HYPHEN));
                break;
            }
            let last = self.class_atom(from)?;
            match (first.single(), last.single()) {
                (Some(first), Some(last)) if first <= last => ranges.push((first, last)),
                (Some(_), Some(_)) => {
                    return Err(self.refuse(begin, self.position(), "has a range that runs backwards"));
                }
                // Annex B: beside `\w` and the like it is a plain hyphen.
                _ => {
                    ranges.push((HYPHEN, HYPHEN));
                    ranges.extend(first.ranges().iter().chain(last.ranges()));
                }
            }
        }
        let set = Set::of(&ranges);
        Ok(if negated { set.negated() } else { set })
    }

    fn class_atom(&mut self, class: usize) -> Result<Set, Refused> {
        let from = self.position();
        match self.advance() {
            Some(BACKSLASH) => self.class_escape(from),
            Some(unit) => Ok(Set::one(unit)),
            None => Err(self.refuse(class, class + 1, "has a class that is not closed")),
        }
    }
}

const HYPHEN: u16 = 0x2d;
const BACKSLASH: u16 = 0x5c;
