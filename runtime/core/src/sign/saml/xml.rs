//! XML in canonical form (Canonical XML 1.0 section 2.3): elements, and values escaped into them.
//!
//! The caller of [`element`] keeps the order of attributes and places the declarations.

use crate::error::{Error, ErrorKind, Result};

/// An element with both tags. Names are constants, attribute values come from [`attribute`], content from [`text`] or
/// other elements.
pub(super) fn element(name: &str, attributes: &[(&str, String)], content: &str) -> String {
    let attributes: Vec<String> = attributes.iter().map(|(name, value)| format!(" {name}=\"{value}\"")).collect();
    format!("<{name}{}>{content}</{name}>", attributes.concat())
}

/// A value as an element's content. The field is named if it does not fit.
pub(super) fn text(field: &str, value: &str) -> Result<String> {
    escape(field, value, XmlContext::Text)
}

/// A value as an attribute's value, in double quotes.
pub(super) fn attribute(field: &str, value: &str) -> Result<String> {
    escape(field, value, XmlContext::Attribute)
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum XmlContext {
    Text,
    Attribute,
}

/// Escapes as Canonical XML does, so that canonicalising changes nothing. Characters that XML 1.0 does not have, even
/// escaped, are refused.
pub(super) fn escape(field: &str, value: &str, place: XmlContext) -> Result<String> {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match (c, place) {
            ('&', _) => escaped.push_str("&amp;"),
            ('<', _) => escaped.push_str("&lt;"),
            ('>', XmlContext::Text) => escaped.push_str("&gt;"),
            ('"', XmlContext::Attribute) => escaped.push_str("&quot;"),
            ('\t', XmlContext::Attribute) => escaped.push_str("&#x9;"),
            ('\n', XmlContext::Attribute) => escaped.push_str("&#xA;"),
            ('\r', _) => escaped.push_str("&#xD;"),
            ('\t' | '\n', XmlContext::Text) => escaped.push(c),
            ('\0'..'\u{20}' | '\u{fffe}' | '\u{ffff}', _) => {
                return Err(Error::new(
                    ErrorKind::InvalidValue,
                    format!(
                        "`{field}` of the SAML assertion holds a character that XML cannot carry: remove control characters"
                    ),
                ));
            }
            _ => escaped.push(c),
        }
    }
    Ok(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_as_canonical_xml_does() {
        // Canonical XML 1.0 section 2.3, "Text Nodes" and "Attribute Nodes".
        for (value, as_text, as_attribute) in [
            ("plain", "plain", "plain"),
            ("a & b < c > d", "a &amp; b &lt; c &gt; d", "a &amp; b &lt; c > d"),
            ("\"'", "\"'", "&quot;'"),
            ("\t\n\r", "\t\n&#xD;", "&#x9;&#xA;&#xD;"),
            ("&amp;<![CDATA[]]>", "&amp;amp;&lt;![CDATA[]]&gt;", "&amp;amp;&lt;![CDATA[]]>"),
            ("ä €\u{10ffff}\u{7f}", "ä €\u{10ffff}\u{7f}", "ä €\u{10ffff}\u{7f}"),
        ] {
            assert_eq!(text("f", value).unwrap(), as_text, "{value:?}");
            assert_eq!(attribute("f", value).unwrap(), as_attribute, "{value:?}");
        }
    }

    #[test]
    fn characters_that_xml_does_not_have_are_refused() {
        for value in ["\0", "a\u{1}", "\u{1f}", "\u{b}", "\u{fffe}", "\u{ffff}"] {
            let error = text("issuer", value).unwrap_err();
            assert!(error.message().contains("`issuer`"), "{error}");
            assert!(attribute("issuer", value).is_err());
        }
    }
}
