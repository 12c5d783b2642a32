//! Sets of UTF-16 code units, as sorted ranges that neither touch nor overlap.

use std::ops::RangeInclusive;

/// A set of code units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Set(Vec<(u16, u16)>);

/// `[0-9]` (ECMA-262 22.2.2.9, `CharacterClassEscape :: d`).
pub(super) const DIGIT: &[(u16, u16)] = &[(0x30, 0x39)];

/// `[A-Za-z0-9_]` (ECMA-262 22.2.2.9.3, `WordCharacters` without the flags `i` and `u`).
pub(super) const WORD: &[(u16, u16)] = &[(0x30, 0x39), (0x41, 0x5a), (0x5f, 0x5f), (0x61, 0x7a)];

/// WhiteSpace and LineTerminator (ECMA-262 12.2 and 12.3): U+FEFF and all of Unicode's category Zs are blank as well.
pub(super) const SPACE: &[(u16, u16)] = &[
    (0x09, 0x0d),
    (0x20, 0x20),
    (0xa0, 0xa0),
    (0x1680, 0x1680),
    (0x2000, 0x200a),
    (0x2028, 0x2029),
    (0x202f, 0x202f),
    (0x205f, 0x205f),
    (0x3000, 0x3000),
    (0xfeff, 0xfeff),
];

/// LineTerminator (ECMA-262 12.3): what `.` does not match.
pub(super) const LINE_END: &[(u16, u16)] = &[(0x0a, 0x0a), (0x0d, 0x0d), (0x2028, 0x2029)];

impl Set {
    /// The set with one member.
    pub(super) fn one(unit: u16) -> Set {
        Set(vec![(unit, unit)])
    }

    /// The set of some ranges, which may overlap.
    pub(super) fn of(ranges: &[(u16, u16)]) -> Set {
        let mut sorted = ranges.to_vec();
        sorted.sort_unstable();
        let mut set: Vec<(u16, u16)> = Vec::with_capacity(sorted.len());
        for (first, last) in sorted {
            match set.last_mut() {
                Some(before) if before.1 >= first.saturating_sub(1) => before.1 = before.1.max(last),
                _ => set.push((first, last)),
            }
        }
        Set(set)
    }

    /// All units that are not in the set.
    pub(super) fn negated(&self) -> Set {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut next = Some(0_u16);
        for (first, last) in &self.0 {
            if let Some(from) = next.filter(|from| from < first) {
                gaps.push((from, first - 1));
            }
            next = last.checked_add(1);
        }
        gaps.extend(next.map(|from| (from, u16::MAX)));
        Set(gaps)
    }

    /// The members in some range.
    pub(super) fn within(&self, range: &RangeInclusive<u16>) -> Set {
        let clipped = self.0.iter().map(|(first, last)| (*first.max(range.start()), *last.min(range.end())));
        Set(clipped.filter(|(first, last)| first <= last).collect())
    }

    /// The ranges, sorted.
    pub(super) fn ranges(&self) -> &[(u16, u16)] {
        &self.0
    }

    /// The only member, where there is one.
    pub(super) fn single(&self) -> Option<u16> {
        match self.0.as_slice() {
            [(first, last)] if first == last => Some(*first),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_sorted_and_their_complements_exact() {
        for (ranges, set, negated) in [
            (&[][..], &[][..], &[(0, 0xffff)][..]),
            (&[(0, 0xffff)], &[(0, 0xffff)], &[]),
            (&[(5, 9), (1, 3), (4, 4)], &[(1, 9)], &[(0, 0), (10, 0xffff)]),
            (&[(0, 1), (0xfffe, 0xffff), (0, 0)], &[(0, 1), (0xfffe, 0xffff)], &[(2, 0xfffd)]),
        ] {
            let made = Set::of(ranges);
            assert_eq!(made.ranges(), set);
            assert_eq!(made.negated().ranges(), negated);
            assert_eq!(made.negated().negated(), made);
        }
        assert_eq!(Set::of(&[(1, 9)]).within(&(4..=20)).ranges(), &[(4, 9)]);
        assert_eq!((Set::one(7).single(), Set::of(WORD).single()), (Some(7), None));
    }
}
