//! The unit of a client's columns: bytes, UTF-16 code units or characters (LSP 3.17, `PositionEncodingKind`).
//!
//! A column is counted within the text of one line.

use lsp_types::PositionEncodingKind;
use serde_json::Value;

/// The unit of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes: nothing to count.
    Utf8,
    /// The encoding that every client supports.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The cheapest unit that a client offers. A client that offers none counts UTF-16.
    pub(crate) fn negotiate(params: &Value) -> Encoding {
        let offered = params.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
        let offers =
            |kind: &PositionEncodingKind| offered.is_some_and(|offered| offered.iter().any(|it| it == kind.as_str()));
        if offers(&PositionEncodingKind::UTF8) {
            Encoding::Utf8
        } else if offers(&PositionEncodingKind::UTF16) || !offers(&PositionEncodingKind::UTF32) {
            Encoding::Utf16
        } else {
            Encoding::Utf32
        }
    }

    /// Its name in the protocol.
    pub(crate) fn kind(self) -> PositionEncodingKind {
        match self {
            Encoding::Utf8 => PositionEncodingKind::UTF8,
            Encoding::Utf16 => PositionEncodingKind::UTF16,
            Encoding::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// The column after a text.
    pub(crate) fn column(self, before: &str) -> u32 {
        let units = match self {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
            Encoding::Utf32 => before.chars().count(),
        };
        u32::try_from(units).unwrap_or(u32::MAX)
    }

    /// The byte of a line at which a column begins, and whether the column is within the character that begins there.
    /// One past the end is the end.
    pub(crate) fn place(self, line: &str, column: u32) -> (usize, bool) {
        let mut left = column as usize;
        for (at, c) in line.char_indices() {
            let width = match self {
                Encoding::Utf8 => c.len_utf8(),
                Encoding::Utf16 => c.len_utf16(),
                Encoding::Utf32 => 1,
            };
            if left < width {
                return (at, left > 0);
            }
            left -= width;
        }
        (line.len(), false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_the_unit_of_the_client() {
        let line = "ä𝒳z";
        for (encoding, columns) in
            [(Encoding::Utf8, [0, 2, 6, 7]), (Encoding::Utf16, [0, 1, 3, 4]), (Encoding::Utf32, [0, 1, 2, 3])]
        {
            for (column, offset) in columns.into_iter().zip([0, 2, 6, 7]) {
                assert_eq!(encoding.place(line, column), (offset, false), "{encoding:?} {column}");
                assert_eq!(encoding.column(&line[..offset]), column, "{encoding:?} {offset}");
            }
            assert_eq!(encoding.place(line, u32::MAX), (line.len(), false));
        }
        // Within a character: its start.
        assert_eq!(Encoding::Utf16.place(line, 2), (2, true));
        assert_eq!(Encoding::Utf8.place(line, 1), (0, true));
    }

    #[test]
    fn the_cheapest_offered_unit_is_chosen() {
        for (offered, expected) in [
            (None, Encoding::Utf16),
            (Some(vec![]), Encoding::Utf16),
            (Some(vec!["utf-16", "utf-8"]), Encoding::Utf8),
            (Some(vec!["utf-32"]), Encoding::Utf32),
            (Some(vec!["utf-32", "utf-16"]), Encoding::Utf16),
            (Some(vec!["utf-7"]), Encoding::Utf16),
        ] {
            let params = serde_json::json!({ "capabilities": { "general": { "positionEncodings": offered } } });
            assert_eq!(Encoding::negotiate(&params), expected, "{offered:?}");
        }
    }
}
