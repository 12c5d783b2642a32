//! Parameters in the one spelling that signatures cover.
//!
//! Percent-encoding of everything but unreserved characters (RFC 3986 section 2.3), upper-case hexadecimal, sorted by
//! the bytes of the encoded names, then of the encoded values (RFC 5849 section 3.4.1.3.2, AWS Signature Version 4).
//! Absent here: where the parameters come from.

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, percent_encode, utf8_percent_encode,
};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Percent-encodes what is not unreserved.
pub fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, UNRESERVED)
}

/// The same of what is percent-encoded already, in whatever spelling.
pub fn respell(encoded: &str) -> String {
    percent_encode(&percent_decode_str(encoded).collect::<Vec<u8>>(), UNRESERVED).to_string()
}

/// Encoded, sorted `name=value` pairs, joined by `&`. Takes them decoded.
pub fn canonical<N: AsRef<str>, V: AsRef<str>>(pairs: impl IntoIterator<Item = (N, V)>) -> String {
    let mut encoded: Vec<(String, String)> = pairs
        .into_iter()
        .map(|(name, value)| (encode(name.as_ref()).to_string(), encode(value.as_ref()).to_string()))
        .collect();
    encoded.sort();
    encoded.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_sorted_by_their_encoded_bytes() {
        for (pairs, expected) in [
            (vec![], ""),
            (vec![("b", "2"), ("a", "1"), ("c", "")], "a=1&b=2&c="),
            (vec![("a", " x"), ("b", "a b")], "a=%20x&b=a%20b"),
            (vec![("z", "1"), ("Z", "2"), ("a", "ä")], "Z=2&a=%C3%A4&z=1"),
            (vec![("c", "!'()*~-_."), ("c", "!")], "c=%21&c=%21%27%28%29%2A~-_."),
            (vec![("a", "2"), ("a-", "1"), ("a", "1")], "a=1&a=2&a-=1"),
        ] {
            assert_eq!(canonical(pairs.clone()), expected, "{pairs:?}");
        }
    }

    #[test]
    fn every_spelling_of_a_text_becomes_the_one() {
        for (text, expected) in [
            ("it's(1)!*", "it%27s%281%29%21%2A"),
            ("it%27s%281%29%21%2a", "it%27s%281%29%21%2A"),
            ("a%20b%2fc%7E~", "a%20b%2Fc~~"),
            ("%ff%", "%FF%25"),
        ] {
            assert_eq!(respell(text), expected);
            assert_eq!(respell(expected), expected);
        }
    }
}
