//! The words of a document about its parts, as comments may hold them.

use crate::read::At;

/// Characters of a comment, at most.
const MAX_ABOUT: usize = 600;

/// The first paragraph of a text of the document, on one line, as Markdown that rustdoc takes for text: it begins no
/// code, which `cargo test` would run, no link and no tag. `None` where nothing is left.
pub(crate) fn about(text: &str) -> Option<String> {
    let text = text.split("```").next().unwrap_or_default().trim();
    let paragraph = text.lines().take_while(|line| !line.trim().is_empty());
    let words: Vec<&str> = paragraph.flat_map(str::split_whitespace).collect();
    let plain = words.join(" ").chars().filter(|c| !c.is_control()).take(MAX_ABOUT).collect::<String>();
    let mut out = String::with_capacity(plain.len());
    for (index, part) in plain.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        for c in part.chars() {
            if index % 2 == 0 && matches!(c, '<' | '[' | ']') {
                out.push('\\');
            }
            out.push(c);
        }
    }
    (!out.trim().is_empty()).then(|| out.trim().to_owned())
}

/// The description of a schema, or its title.
pub(crate) fn of_schema(at: &At<'_>) -> Option<String> {
    at.text("description").and_then(about).or_else(|| at.text("title").and_then(about))
}
