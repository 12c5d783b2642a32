//! The YAML crate's words for a syntax error in words that say what to do.
//!
//! A message that is not in the table stays as it is, in this project's style.

/// A message of the crate contains the first; the second and third are our wording and the help.
const TABLE: [(&str, &str, &str); 12] = [
    (
        "mapping values are not allowed",
        "a `:` where no value can begin",
        "quote a value that contains `: `, or line a key up with the others of its map",
    ),
    ("unexpected character", "a value cannot begin with this character", "put the value in quotes"),
    ("unknown anchor", "an anchor that is not defined", "put a value that begins with `*` in quotes"),
    (
        "did not find expected key",
        "this does not line up with the keys before it",
        "give all keys of a map the same indentation",
    ),
    (
        "did not find expected '-' indicator",
        "a key between the items of a list",
        "begin the line with `- `, or indent it as the keys around the list are",
    ),
    ("unknown escape", "an escape that YAML does not have", "use single quotes: in them a backslash is a backslash"),
    ("trailing content", "text behind a quoted value", "quote the whole value"),
    ("unclosed quote", "a quote that is never closed", "close it at the end of the value"),
    ("unclosed bracket", "a bracket that is never closed", "close it, or put the whole value in quotes"),
    ("did not find expected ',' or '}'", "the map in braces does not go on like this", "close it with `}` before"),
    ("found a tab", "a tab", "use spaces"),
    (
        "simple key expected",
        "a line without a `:`",
        "a key is followed by `: ` and its value; a text over several lines is indented deeper than its key",
    ),
];

/// The message, and what to do, for the error at `offset` of `text`.
pub(super) fn explain(text: &str, offset: usize, message: &str) -> (String, Option<&'static str>) {
    if indented_with_tabs(text, offset) {
        return ("a tab in the indentation".to_owned(), Some("YAML is indented with spaces only"));
    }
    match TABLE.iter().find(|(part, ..)| message.contains(part)) {
        Some((_, better, help)) => ((*better).to_owned(), Some(help)),
        None => (plain(message), None),
    }
}

/// The most frequent cause that the crate's message hides.
fn indented_with_tabs(text: &str, offset: usize) -> bool {
    let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let line = text.get(start..).unwrap_or("").lines().next().unwrap_or("");
    line.chars().take_while(|c| c.is_whitespace()).any(|c| c == '\t')
}

/// One line, lower case, no full stop, things in backticks.
fn plain(message: &str) -> String {
    let line = message.lines().next().unwrap_or("the text is not YAML").trim_end_matches('.');
    let line = if line.matches('\'').count().is_multiple_of(2) { line.replace('\'', "`") } else { line.to_owned() };
    let mut letters = line.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use crate::source::FileId;
    use crate::syntax::parse;

    #[test]
    fn common_mistakes_are_told_from_each_other() {
        for (text, message) in [
            ("a:\n  b: x: y\n", "a `:` where no value can begin"),
            ("a:\n  b: 1\n   c: 2\n", "a `:` where no value can begin"),
            ("a:\n  b: @foo\n", "a value cannot begin with this character"),
            ("a:\n  b: *foo\n", "an anchor that is not defined"),
            ("a:\n    b: 1\n  c: 2\n", "this does not line up with the keys before it"),
            ("a:\n  - x\n  c: 1\n", "a key between the items of a list"),
            ("a:\n  b: \"\\d\"\n", "an escape that YAML does not have"),
            ("a: \"x\" y\n", "text behind a quoted value"),
            ("a: 'x\n", "a quote that is never closed"),
            ("a:\n  b: [a, b\nc: 1\n", "a bracket that is never closed"),
            ("a:\n  b: {x: 1\n  c: 1\n", "the map in braces does not go on like this"),
            ("a:\n\tc: 2\n", "a tab in the indentation"),
            ("a: 1\n\tc: 2\n", "a tab"),
            ("a:\n  b: [x}\n", "mismatched bracket `[` closed by `}`"),
        ] {
            let (_, diagnostics) = parse(FileId(0), text);
            let found: Vec<_> = diagnostics.iter().map(|found| found.message.as_str()).collect();
            assert_eq!(found, [message], "{text:?}");
        }
    }
}
