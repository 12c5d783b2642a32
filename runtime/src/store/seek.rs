//! Where the records of a listing lie, so that a store goes there instead of reading from the start.
//!
//! Connections are ordered by the pair of integration and id. What a query asks for is at most two rectangles of such
//! pairs: the rest of the integration in which the page before ended, and the integrations behind it. In each of them
//! the ids are one range, whatever the conditions are.

use super::ConnectionQuery;
use std::ops::Range;

/// Texts from `start`, and before `end` if there is one, in the order of their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TextRange {
    pub(super) start: String,
    pub(super) end: Option<String>,
}

/// Connections whose integrations and ids are in these ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seek {
    pub(super) integrations: TextRange,
    pub(super) ids: TextRange,
}

impl TextRange {
    /// One text.
    fn only(text: &str) -> TextRange {
        TextRange { start: text.to_owned(), end: Some(next(text)) }
    }

    /// What begins with a text.
    fn beginning_with(prefix: &str) -> TextRange {
        TextRange { start: prefix.to_owned(), end: behind_prefix(prefix) }
    }

    /// The part of it that is larger than a text.
    fn after(self, text: &str) -> TextRange {
        TextRange { start: self.start.max(next(text)), end: self.end }
    }

    fn is_empty(&self) -> bool {
        self.end.as_ref().is_some_and(|end| *end <= self.start)
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        text >= self.start.as_str() && self.end.as_ref().is_none_or(|end| text < end.as_str())
    }
}

/// Where the connections of a query lie, in the order of the listing. Whether a customer has to connect again is no
/// matter of place.
pub(super) fn seeks(query: &ConnectionQuery) -> Vec<Seek> {
    let ids = query.id_prefix.as_deref().map_or_else(TextRange::default, TextRange::beginning_with);
    let integrations = query.integration.as_deref().map_or_else(TextRange::default, TextRange::only);
    let all = match &query.after {
        None => vec![Seek { integrations, ids }],
        Some(after) => {
            let mut seeks = Vec::new();
            if integrations.contains(&after.integration) {
                let integrations = TextRange::only(&after.integration);
                seeks.push(Seek { integrations, ids: ids.clone().after(&after.id) });
            }
            seeks.push(Seek { integrations: integrations.after(&after.integration), ids });
            seeks
        }
    };
    all.into_iter().filter(|seek| !seek.integrations.is_empty() && !seek.ids.is_empty()).collect()
}

/// The smallest text that is larger.
pub(super) fn next(text: &str) -> String {
    format!("{text}\0")
}

/// The smallest text that is larger than everything with a prefix; there is none where all its characters are the last
/// one.
pub(super) fn behind_prefix(prefix: &str) -> Option<String> {
    /// There is no character between these.
    const SURROGATES: Range<u32> = 0xD800..0xE000;
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let larger = match u32::from(last).saturating_add(1) {
            code if SURROGATES.contains(&code) => SURROGATES.end,
            code => code,
        };
        if let Some(larger) = char::from_u32(larger) {
            characters.push(larger);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::ConnectionKey;

    #[test]
    fn everything_with_a_prefix_lies_between_it_and_what_is_behind_it() {
        for (prefix, behind) in [
            ("", None),
            ("a", Some("b")),
            ("org-", Some("org.")),
            ("az", Some("a{")),
            ("\u{7f}", Some("\u{80}")),
            ("\u{d7ff}", Some("\u{e000}")),
            ("a\u{10ffff}", Some("b")),
            ("\u{10ffff}\u{10ffff}", None),
            ("a\0", Some("a\u{1}")),
        ] {
            assert_eq!(behind_prefix(prefix).as_deref(), behind, "{prefix:?}");
            let range = TextRange::beginning_with(prefix);
            for end in ["", "\0", "z", "\u{10ffff}\u{10ffff}"] {
                assert!(range.contains(&format!("{prefix}{end}")), "{prefix:?} {end:?}");
            }
        }
    }

    #[test]
    fn a_query_is_the_rest_of_an_integration_and_those_behind_it() {
        let after = |integration: &str, id: &str| ConnectionQuery::first(1).after(ConnectionKey::new(integration, id));
        let text = |seek: &Seek| {
            let range = |range: &TextRange| {
                format!("{}..{}", range.start.escape_debug(), range.end.as_deref().unwrap_or("").escape_debug())
            };
            format!("{} {}", range(&seek.integrations), range(&seek.ids))
        };
        let table: [(ConnectionQuery, &[&str]); 8] = [
            (ConnectionQuery::first(1), &[".. .."]),
            (ConnectionQuery::first(1).integration("b").id_prefix("x"), &[r"b..b\0 x..y"]),
            (after("b", "7"), &[r"b..b\0 7\0..", r"b\0.. .."]),
            (after("b", "7").id_prefix("1"), &[r"b\0.. 1..2"]),
            (after("b", "7").id_prefix("8"), &[r"b..b\0 8..9", r"b\0.. 8..9"]),
            (after("b", "7").integration("b"), &[r"b..b\0 7\0.."]),
            (after("b", "7").integration("c"), &[r"c..c\0 .."]),
            (after("b", "7").integration("a"), &[]),
        ];
        for (query, expected) in table {
            assert_eq!(seeks(&query).iter().map(text).collect::<Vec<_>>(), expected, "{query:?}");
        }
    }
}
