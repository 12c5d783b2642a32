//! Messages of errors as sentences: the API's begin in lower case and end without a full stop, so that others may hold
//! them.

/// The message with a capital letter at its beginning.
pub(super) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_begins_with_a_capital_letter() {
        for (message, expected) in
            [("this link", "This link"), ("`x` is", "`x` is"), ("\u{fc}ber", "\u{dc}ber"), ("", ""), ("<b>", "<b>")]
        {
            assert_eq!(sentence(message), expected);
        }
    }
}
