//! Texts of others, as a terminal may get them: nothing in them steers it, and nothing hides what stands there.

use serde_json::Value;
use std::fmt::Write as _;

/// Characters that `escape_debug` escapes for the sake of Rust's own literals.
const QUOTES: [char; 3] = ['"', '\'', '\\'];

/// The text with `\u{1b}` in the place of what is not seen: control characters, marks of direction, letters without
/// width, blanks other than the usual one.
pub(crate) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for piece in text.split_inclusive(QUOTES) {
        let plain = piece.strip_suffix(QUOTES).unwrap_or(piece);
        shown.extend(plain.escape_debug());
        shown.push_str(piece.get(plain.len()..).unwrap_or_default());
    }
    shown
}

/// JSON on one line, the same data, with `\u009b` in the place of what [`harmless`] escapes. JSON itself escapes no
/// control character beyond U+001F, and some terminals obey those.
pub(crate) fn json_line(value: &Value) -> String {
    let mut shown = String::new();
    for letter in value.to_string().chars() {
        if letter == '\u{7f}' || (!letter.is_ascii() && letter.escape_debug().count() > 1) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(letter);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_escaped_and_the_rest_stays() {
        for (text, expected) in [
            ("acme-inc", "acme-inc"),
            (r#"it's a "b" \ é 漢 e + 👍"#, r#"it's a "b" \ é 漢 e + 👍"#),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\rb\nc\td\0", "a\\rb\\nc\\td\\0"),
            ("\u{9b}2J\u{7f}", "\\u{9b}2J\\u{7f}"),
            ("a\u{202e}b\u{200b}c\u{a0}d\u{2066}", "a\\u{202e}b\\u{200b}c\\u{a0}d\\u{2066}"),
            ("e\u{301}", "e\u{301}"),
            ("\"\u{1b}\"", "\"\\u{1b}\""),
        ] {
            assert_eq!(harmless(text), expected, "{text:?}");
        }
    }

    #[test]
    fn json_is_the_same_data() {
        for text in ["\u{1b}[2J", "\u{9b}2J", "\u{7f}", "\u{202e}", "é", "\u{e0041}", "a\"\\"] {
            let value = serde_json::json!({ "id": text });
            let shown = json_line(&value);
            assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
            assert!(!shown.chars().any(|letter| letter.is_control() || letter == '\u{202e}'), "{shown}");
        }
    }
}
