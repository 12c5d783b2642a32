//! How a client counts columns: bytes, UTF-16 code units or characters (LSP 3.17, `PositionEncodingKind`).
//!
//! Absent here: lines. A column is counted within the text of one line.

use lsp_types::{InitializeParams, PositionEncodingKind};

/// The unit of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes: nothing to count.
    Utf8,
    /// What every client knows.
    Utf16,
    /// Characters.
    Utf32,
}

impl Encoding {
    /// The cheapest unit that a client offers. A client that offers none counts UTF-16.
    pub(crate) fn negotiate(params: &InitializeParams) -> Encoding {
        let offered = params.capabilities.general.as_ref().and_then(|general| general.position_encodings.as_ref());
        let offers = |kind: &PositionEncodingKind| offered.is_some_and(|offered| offered.contains(kind));
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

    /// The column behind a text.
    pub(crate) fn column(self, before: &str) -> u32 {
        let units = match self {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
            Encoding::Utf32 => before.chars().count(),
        };
        u32::try_from(units).unwrap_or(u32::MAX)
    }

    /// The byte of a line at which a column begins. One past the end is the end; one within a character is its start.
    pub(crate) fn offset(self, line: &str, column: u32) -> usize {
        let mut left = column as usize;
        for (at, c) in line.char_indices() {
            let width = match self {
                Encoding::Utf8 => c.len_utf8(),
                Encoding::Utf16 => c.len_utf16(),
                Encoding::Utf32 => 1,
            };
            if left < width {
                return at;
            }
            left -= width;
        }
        line.len()
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
                assert_eq!(encoding.offset(line, column), offset, "{encoding:?} {column}");
                assert_eq!(encoding.column(&line[..offset]), column, "{encoding:?} {offset}");
            }
            assert_eq!(encoding.offset(line, u32::MAX), line.len());
        }
        // Within a character: its start.
        assert_eq!(Encoding::Utf16.offset(line, 2), 2);
        assert_eq!(Encoding::Utf8.offset(line, 1), 0);
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
            let mut params = InitializeParams::default();
            let kinds = offered.clone().map(|kinds| kinds.into_iter().map(PositionEncodingKind::from).collect());
            let general = lsp_types::GeneralClientCapabilities { position_encodings: kinds, ..Default::default() };
            params.capabilities.general = Some(general);
            assert_eq!(Encoding::negotiate(&params), expected, "{offered:?}");
        }
    }
}
