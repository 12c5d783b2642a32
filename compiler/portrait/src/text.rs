//! Texts of entries on their way into a picture or a page: cleaned, measured, broken into lines.

/// A text on one line, without characters that are not seen. A blank line would end the HTML of a page.
pub(crate) fn clean(text: &str) -> String {
    let words = text.split_whitespace().map(|word| word.chars().filter(|letter| is_seen(*letter)).collect::<String>());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_seen(letter: char) -> bool {
    let hidden =
        matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    !letter.is_control() && !hidden
}

/// Markup in which mdBook finds none of its own directives, which begin with two braces.
pub(crate) fn without_directives(markup: &str) -> String {
    markup.replace("{{", "{&#123;")
}

/// A typeface, as far as widths depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// The reader's usual one.
    Sans,
    /// One whose letters are equally wide.
    Mono,
}

/// The width of a text in pixels at 12 pixels, rather too wide than too narrow: fonts differ from reader to reader.
pub(crate) fn width(text: &str, face: Face) -> f32 {
    match face {
        Face::Mono => text.chars().map(|letter| if letter.is_ascii() { 7.3 } else { 12.5 }).sum(),
        Face::Sans => text.chars().map(sans).sum(),
    }
}

fn sans(letter: char) -> f32 {
    match letter {
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' => 3.4,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '/' | '-' | '"' | 'I' => 4.6,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 10.6,
        letter if letter.is_ascii_uppercase() => 8.6,
        letter if letter.is_ascii() => 7.0,
        _ => 12.5,
    }
}

/// A text in lines of a width, at most `max` of them; what does not fit ends in an ellipsis. A word that is wider than
/// a line, such as a path, is broken behind a sign.
pub(crate) fn wrap(text: &str, face: Face, limit: f32, max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for piece in pieces(text, face, limit) {
        if !line.is_empty() && width(line.trim_end(), face) + width(piece.trim_end(), face) > limit {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        line.push_str(&piece);
    }
    lines.push(line.trim_end().to_owned());
    lines.retain(|line| !line.is_empty());
    if lines.len() > max {
        lines.truncate(max);
        if let Some(last) = lines.last_mut() {
            while width(last, face) + width("…", face) > limit && last.pop().is_some() {}
            last.push('…');
        }
    }
    lines
}

/// Words with the blank behind each; a word that is too wide in pieces.
fn pieces(text: &str, face: Face, limit: f32) -> Vec<String> {
    let mut pieces = Vec::new();
    for word in text.split_inclusive(' ') {
        let mut piece = String::new();
        for letter in word.chars() {
            let is_full = width(&piece, face) + width(letter.encode_utf8(&mut [0; 4]), face) > limit;
            let is_sign = piece.ends_with(['/', '?', '&', '=', '.', ',', ':', '-', '_', '>']);
            let breaks = is_full || (is_sign && letter != ' ' && width(word.trim_end(), face) > limit);
            if breaks && !piece.is_empty() {
                pieces.push(std::mem::take(&mut piece));
            }
            piece.push(letter);
        }
        pieces.push(piece);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_of_what_is_seen() {
        for (text, expected) in
            [("a\n\n  b", "a b"), ("\u{202e}a\u{7}\u{200b}", "a"), (" \u{200b} a", "a"), ("", ""), ("é ü", "é ü")]
        {
            assert_eq!(clean(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_are_no_wider_than_their_limit_and_say_when_they_end_early() {
        let path = "POST /services/oauth2/authorization/requests/token";
        for (text, limit, max, expected) in [
            ("one two", 100.0, 2, &["one two"][..]),
            ("one two", 30.0, 2, &["one", "two"]),
            ("one two three", 30.0, 2, &["one", "tw…"]),
            (path, 150.0, 3, &["POST /services/", "oauth2/", "authorization/…"]),
            ("", 50.0, 2, &[]),
        ] {
            let lines = wrap(text, Face::Mono, limit, max);
            assert_eq!(lines, expected, "{text}");
            assert!(lines.iter().all(|line| width(line, Face::Mono) <= limit + 5.0), "{lines:?}");
        }
    }

    #[test]
    fn a_word_without_signs_is_broken_where_the_line_is_full() {
        let lines = wrap(&"a".repeat(1000), Face::Mono, 73.0, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| line.chars().count() <= 11), "{lines:?}");
    }

    #[test]
    fn no_directive_of_the_book_stands_in_markup() {
        for braces in 2..6 {
            let markup = without_directives(&format!("a {}#include /etc/hosts}}}}", "{".repeat(braces)));
            assert!(!markup.contains("{{"), "{markup}");
        }
    }
}
