//! Wishes about the text of types.

/// Wishes about the text of types. By default comments are short, members that the document does not name are ignored,
/// and dates are texts.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypeStyle {
    /// Copies what the document says about operations, types and members as comments.
    pub has_docs: bool,
    /// Keeps the members of answers that the document does not name, in a map.
    pub keeps_unknown: bool,
    /// Dates and instants are types of the crate `time`.
    pub has_dates: bool,
}
