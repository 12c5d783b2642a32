//! Descriptions as pages show them: text, and code between backticks.

/// A text in pieces.
pub(super) struct Prose(pub(super) Vec<Span>);

/// A piece of a text.
pub(super) struct Span {
    pub(super) is_code: bool,
    pub(super) text: String,
}

impl Prose {
    pub(super) fn new(text: &str) -> Prose {
        let pieces = text.split('`').enumerate().filter(|(_, text)| !text.is_empty());
        Prose(pieces.map(|(at, text)| Span { is_code: at % 2 == 1, text: text.to_owned() }).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_stands_between_backticks() {
        for (text, expected) in [
            ("", &[][..]),
            ("a", &[(false, "a")]),
            ("`a`", &[(true, "a")]),
            ("a `b` c", &[(false, "a "), (true, "b"), (false, " c")]),
        ] {
            let Prose(spans) = Prose::new(text);
            let found: Vec<(bool, &str)> = spans.iter().map(|span| (span.is_code, span.text.as_str())).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
