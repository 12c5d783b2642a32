//! Escapes values in pages.
//!
//! The templates call this for every value they print. It names the characters (`&lt;`) where askama's own escaper
//! numbers them (`&#60;`); both mean the same, but pages had names before they were templates, and what reads their
//! source goes on to find them. Attributes in the templates stand in double quotes, never in single ones.

use askama::filters::Escaper;
use html_escape::encode_double_quoted_attribute;
use std::fmt;

/// Escapes `&`, `<`, `>` and `"` by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named;

impl Escaper for Named {
    fn write_escaped_str<W: fmt::Write>(&self, mut page: W, text: &str) -> fmt::Result {
        page.write_str(&encode_double_quoted_attribute(text))
    }
}
