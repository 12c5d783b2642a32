//! Parameters in the one spelling that signatures cover.
//!
//! Percent-encoding of everything but unreserved characters (RFC 3986 section 2.3), upper-case hexadecimal, sorted by
//! the bytes of the encoded names, then of the encoded values (RFC 5849 section 3.4.1.3.2, AWS Signature Version 4).

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode, percent_decode_str, percent_encode, utf8_percent_encode,
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

/// Encoded, sorted `name=value` pairs, joined by `&`. Takes them decoded, as bytes: what a client sends need not be
/// UTF-8.
pub fn canonical<N: AsRef<[u8]>, V: AsRef<[u8]>>(pairs: impl IntoIterator<Item = (N, V)>) -> String {
    let encoded = |bytes: &[u8]| percent_encode(bytes, UNRESERVED).to_string();
    let mut encoded: Vec<(String, String)> =
        pairs.into_iter().map(|(name, value)| (encoded(name.as_ref()), encoded(value.as_ref()))).collect();
    encoded.sort();
    encoded.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// The pairs of a query or a form (WHATWG URL, section 5.1), decoded to bytes and not to text: `%E9` is one byte, and
/// is signed as one.
pub fn pairs(encoded: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    encoded.split(|byte| *byte == b'&').filter(|part| !part.is_empty()).map(pair)
}

/// The name and the value of one of them, decoded. A name without `=` has an empty value.
pub fn pair(part: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let end = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
    let (name, rest) = part.split_at(end);
    (decoded(name), decoded(rest.strip_prefix(b"=").unwrap_or(rest)))
}

fn decoded(text: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).collect()
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
    fn bytes_stay_the_bytes_that_were_sent() {
        for (sent, expected) in [
            ("", ""),
            ("q=caf%E9", "q=caf%E9"),
            ("q=%e9&q=%C3%A9", "q=%C3%A9&q=%E9"),
            ("flag&&b=&=v&a=1=2", "=v&a=1%3D2&b=&flag="),
            ("a+b=c%2Bd", "a%20b=c%2Bd"),
            ("a=%zz%", "a=%25zz%25"),
        ] {
            assert_eq!(canonical(pairs(sent.as_bytes())), expected, "{sent}");
        }
        assert_eq!(canonical(pairs(b"q=\xe9")), "q=%E9");
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
