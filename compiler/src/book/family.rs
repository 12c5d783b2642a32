//! The families of rules, by the hundreds and tens of their codes: what the table of contents groups them by.
//!
//! A rule belongs to the family of its code, so a new rule chooses its code in the family where readers look for it.

use crate::diagnostic::Rule;
use std::ops::RangeInclusive;

/// Rules about one subject.
pub(super) struct Family {
    /// Its title.
    pub(super) title: &'static str,
    /// The file of its page. No rule has this name.
    pub(super) file: &'static str,
    /// The digits of its rules' codes.
    codes: &'static [RangeInclusive<u16>],
}

/// All families, in the order of the book.
pub(super) const FAMILIES: &[Family] = &[
    Family { title: "The file", file: "family-file.md", codes: &[0..=99] },
    Family { title: "Keys and values", file: "family-values.md", codes: &[100..=199] },
    Family { title: "Templates", file: "family-templates.md", codes: &[200..=205, 310..=315] },
    Family { title: "Entries", file: "family-entries.md", codes: &[206..=299, 300..=309] },
    Family { title: "URLs and hosts", file: "family-urls.md", codes: &[316..=349, 380..=383] },
    Family { title: "Fields", file: "family-fields.md", codes: &[350..=369] },
    Family { title: "Signing in", file: "family-sign-in.md", codes: &[370..=379] },
    Family { title: "Requests", file: "family-requests.md", codes: &[384..=499] },
    Family { title: "Second sources", file: "family-sources.md", codes: &[500..=519] },
];

impl Family {
    /// True if a rule is one of it.
    pub(super) fn has(&self, rule: &Rule) -> bool {
        let digits = rule.code.trim_start_matches(|c: char| !c.is_ascii_digit());
        digits.parse().is_ok_and(|code: u16| self.codes.iter().any(|codes| codes.contains(&code)))
    }
}
