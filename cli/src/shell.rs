//! Commands that a person copies into a shell.

/// A word of a shell's command (POSIX 2.2): as it is, or in single quotes.
pub(crate) fn quoted(text: &str) -> String {
    let is_plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'_' | b'-' | b'+' | b':' | b'@');
    if !text.is_empty() && text.bytes().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_where_a_shell_would_read_it_otherwise() {
        for (text, expected) in [
            ("acme.yaml", "acme.yaml"),
            ("/a/b-c_d.yaml", "/a/b-c_d.yaml"),
            ("a b.yaml", "'a b.yaml'"),
            ("it's.yaml", r"'it'\''s.yaml'"),
            ("$(x)", "'$(x)'"),
            ("=x", "'=x'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
