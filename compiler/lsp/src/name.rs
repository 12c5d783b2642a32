//! The name of a document: any text that a client calls it by.
//!
//! Clients spell one name in several ways (`[` or `%5B`, `ü` or `%C3%BC`, `C:` or `c%3A`), and not all are URIs (RFC
//! 3986). Names are compared by what they mean and given back as they came.

/// The form in which names are compared: percent-encoding undone where it separates nothing, the letter of a drive in
/// lower case.
pub(crate) fn key(name: &str) -> Vec<u8> {
    let mut key = decoded(name, b"%/?#\\");
    if let Some(colon) = key.iter().position(|byte| *byte == b':') {
        key.get_mut(..colon).unwrap_or_default().make_ascii_lowercase(); // the scheme
        let rest = key.get_mut(colon + 1..).unwrap_or_default();
        let slashes = rest.iter().take_while(|byte| **byte == b'/').count();
        if let Some([drive, b':']) = rest.get_mut(slashes..slashes + 2) {
            drive.make_ascii_lowercase();
        }
    }
    key
}

/// True if the path of a document ends with one, folder by folder.
pub(crate) fn ends_with(name: &str, end: &str) -> bool {
    let slashes = |bytes: Vec<u8>| bytes.into_iter().map(|byte| if byte == b'\\' { b'/' } else { byte }).collect();
    let end: Vec<u8> = slashes(end.as_bytes().to_vec());
    let rest = name.split_once(':').map_or(name, |(_, rest)| rest);
    // A `#` or `?` that is not encoded may belong to the name, or end it.
    [rest, rest.split(['?', '#']).next().unwrap_or_default()].into_iter().any(|path| {
        let path: Vec<u8> = slashes(decoded(path, b""));
        !end.is_empty()
            && path.strip_suffix(end.as_slice()).is_some_and(|before| before.is_empty() || before.ends_with(b"/"))
    })
}

/// The bytes of a text with its percent-encoding undone, but for some bytes.
fn decoded(text: &str, except: &[u8]) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digit = |at: usize| bytes.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        let encoded = (*byte == b'%').then(|| Some(digit(at + 1)? * 16 + digit(at + 2)?)).flatten();
        match encoded.and_then(|value| u8::try_from(value).ok()) {
            Some(value) if except.contains(&value) => {
                decoded.extend(format!("%{value:02X}").into_bytes());
                at += 3;
            }
            Some(value) => {
                decoded.push(value);
                at += 3;
            }
            None => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_the_same() {
        for spellings in [
            &["file:///x/[id]", "file:///x/%5Bid%5D", "file:///x/%5bid]", "FILE:///x/[id]"][..],
            &["file:///x/\u{fc}", "file:///x/%C3%BC", "file:///x/%c3%bc"],
            &["file:///c:/x", "file:///C:/x", "file:///c%3A/x", "file:///C%3a/x"],
            &["file:///x/a|b^c d", "file:///x/a%7Cb%5Ec%20d"],
            &["untitled:Untitled-1"],
            &["file:///x/%", "file:///x/%25"][..1],
            &[":"],
            &[""],
        ] {
            for spelling in spellings {
                assert_eq!(key(spelling), key(spellings[0]), "{spelling}");
            }
        }
    }

    #[test]
    fn names_that_mean_something_else_differ() {
        for (one, other) in [
            ("file:///x/a%2Fb", "file:///x/a/b"),
            ("file:///x/a%23b", "file:///x/a#b"),
            ("file:///x/%2541", "file:///x/A"),
            ("file:///x/A", "file:///x/a"),
            ("file:///x/a", "untitled:/x/a"),
            ("file:///x/%FF", "file:///x/%FE"),
        ] {
            assert_ne!(key(one), key(other), "{one} {other}");
        }
    }

    #[test]
    fn ends_are_compared_by_folders_after_decoding() {
        for (name, end, expected) in [
            ("file:///w/providers.yaml", "providers.yaml", true),
            ("file:///w/my-providers.yaml", "providers.yaml", false),
            ("untitled:providers.yaml", "providers.yaml", true),
            ("file:///w/a%20b/%C3%BC.yaml", "a b/\u{fc}.yaml", true),
            ("file:///w/a b/\u{fc}.yaml", "a b/\u{fc}.yaml", true),
            ("file:///w/%5Bid%5D/x.yaml", "[id]/x.yaml", true),
            ("file:///w/a#b/providers.yaml", "providers.yaml", true),
            ("git:/w/providers.yaml?{\"ref\":\"HEAD\"}", "providers.yaml", true),
            ("file:///c%3A/w/apis/x.yaml", "apis\\x.yaml", true),
            ("file:///w/100%25.yaml", "100%.yaml", true),
            ("file:///w/x.yaml", "", false),
        ] {
            assert_eq!(ends_with(name, end), expected, "{name} {end}");
        }
    }
}
