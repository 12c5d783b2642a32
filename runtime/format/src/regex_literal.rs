//! `/pattern/`: a regular expression as other languages write it.
//!
//! Entries hold patterns without the slashes; some have them all the same (section 5.7 of the format's reference).

/// A pattern without the slashes around it; a text that has not both stays as it is.
pub fn without_slashes(text: &str) -> &str {
    text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::without_slashes;

    #[test]
    fn only_slashes_at_both_ends_are_dropped() {
        for (text, expected) in [
            ("/after (.+)/", "after (.+)"),
            ("a/b", "a/b"),
            ("/a", "/a"),
            ("a/", "a/"),
            ("/", "/"),
            ("//", ""),
            ("/a/i", "/a/i"),
        ] {
            assert_eq!(without_slashes(text), expected, "{text}");
        }
    }
}
