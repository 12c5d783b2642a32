//! The edit that takes the line breaks off the end of a text, in each way that YAML has to write them.
//!
//! A block keeps its last line break unless its indicator says `-` (YAML 1.2.2 section 8.1.1.2); text in double quotes
//! spells it `\n`.

use super::{Edit, Fix};
use crate::source::Span;
use std::ops::Range;

/// The edit, where the text is a block or stands in double quotes.
pub(super) fn dropped(value: Span, text: &str) -> Option<Fix> {
    let range = value.range();
    let (range, replacement) = match text.get(range.clone())?.strip_prefix('"') {
        Some(quoted) => (escapes(quoted.strip_suffix('"')?, range.start + 1)?, String::new()),
        None => indicator(text.get(..range.start)?)?,
    };
    let title = if replacement.is_empty() {
        "end it without the line break".to_owned()
    } else {
        format!("write `{replacement}`")
    };
    Some(Fix { title, edits: vec![Edit { span: Span::new(value.file, range.start, range.end), replacement }] })
}

/// Where the escaped line breaks at the end of a quoted text stand, which begins at `start`.
fn escapes(quoted: &str, start: usize) -> Option<Range<usize>> {
    let mut kept = quoted;
    while let Some(shorter) = kept.strip_suffix("\\n").or_else(|| kept.strip_suffix("\\r")) {
        let escaped = shorter.len() - shorter.trim_end_matches('\\').len();
        if escaped % 2 == 1 {
            break; // An escaped backslash, and then a letter.
        }
        kept = shorter;
    }
    (kept.len() < quoted.len()).then(|| start + kept.len()..start + quoted.len())
}

/// The indicator of the block that begins after a text, and the one that drops its last line breaks.
fn indicator(before: &str) -> Option<(Range<usize>, String)> {
    let before = before.trim_end();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let head = before.get(line..)?;
    let head = head.find(" #").and_then(|at| head.get(..at)).unwrap_or(head).trim_end();
    let at = head.rfind(char::is_whitespace)? + 1;
    let written = head.get(at..)?;
    let style = written.chars().next().filter(|first| matches!(first, '|' | '>'))?;
    let digits = written.get(1..)?.trim_matches(['+', '-']);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((line + at..line + head.len(), format!("{style}{digits}-")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::apply;
    use crate::source::Sources;

    #[test]
    fn a_break_goes_however_it_is_written() {
        for (text, value, expected) in [
            ("a:\n  k: |\n    x\nb: 1\n", "x", Some("a:\n  k: |-\n    x\nb: 1\n")),
            ("k: >+ # why\n  x\n\n", "x", Some("k: >- # why\n  x\n\n")),
            ("k: |2\r\n    x\r\n", "x", Some("k: |2-\r\n    x\r\n")),
            (r#"k: "x\r\n\n""#, r#""x\r\n\n""#, Some(r#"k: "x""#)),
            (r#"k: "x\\n""#, r#""x\\n""#, None),
            ("k: 'x\n\n  '", "'x\n\n  '", None),
        ] {
            let mut sources = Sources::default();
            let file = sources.add("t", text);
            let at = text.find(value).unwrap();
            let fix = dropped(Span::new(file, at, at + value.len()), text);
            let mended = fix.map(|fix| apply(&sources, [&fix]).texts[&file].clone());
            assert_eq!(mended.as_deref(), expected, "{text:?}");
        }
    }
}
