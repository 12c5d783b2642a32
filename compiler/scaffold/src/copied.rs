//! An entry made of another one: the nearest entry's text, with its names replaced.

use keyway_compiler::source::Sources;
use keyway_compiler::syntax;

/// The text of an entry of `catalogue` under another key, with a question on top. `None` where there is no such entry.
///
/// The key, the display name and words that begin with the old key are replaced; what the vendor's own page says has to
/// be read again, so every line is a guess, which the first line says.
pub fn entry(catalogue: &str, from: &str, key: &str, display_name: Option<&str>) -> Option<String> {
    let mut sources = Sources::default();
    let file = sources.add("catalogue".to_owned(), catalogue.to_owned());
    let (document, _) = syntax::parse(file, catalogue);
    let entry = document.entries.iter().find(|entry| entry.key.name.as_str() == from)?;
    let old_name =
        entry.value.as_mapping().and_then(|body| body.get("display_name")).and_then(|name| name.value.as_str());
    let start = entry.key.span.start as usize;
    let begin = catalogue.get(..start)?.rfind('\n').map_or(0, |end| end + 1);
    let body = catalogue.get(begin..)?;
    let lines: Vec<&str> = body.lines().collect();
    let belongs = |line: &&str| line.is_empty() || line.starts_with([' ', '\t']);
    let count = 1 + lines.iter().skip(1).take_while(|line| belongs(line)).count();
    let mut kept: Vec<&str> = lines.into_iter().take(count).collect();
    while kept.last().is_some_and(|line| line.trim().is_empty()) {
        kept.pop();
    }
    let name = display_name.unwrap_or(key);
    let replaced = |line: &&str| {
        let named = old_name.map_or_else(|| (*line).to_owned(), |old| with_word(line, old, name));
        with_word(&named, from, key)
    };
    let mut out =
        format!("{key}:\n  # TODO: which of these lines are not so at this vendor? They are those of `{from}`\n");
    for line in kept.iter().skip(1) {
        out.push_str(replaced(line).trim_end());
        out.push('\n');
    }
    Some(out)
}

/// A text with one word in the place of another. A part of a longer word stays: `box` is none of `mailbox`.
fn with_word(text: &str, from: &str, to: &str) -> String {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(from).filter(|_| !from.is_empty()) {
        let (before, found) = rest.split_at(at);
        let behind = found.get(from.len()..).unwrap_or_default();
        let last = before.chars().next_back().or_else(|| out.chars().next_back());
        let is_word = !is_part(last) && !is_part(behind.chars().next());
        out.push_str(before);
        out.push_str(if is_word { to } else { from });
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_copied_with_its_names_replaced() {
        let catalogue =
            "beta:\n  display_name: Beta\n  proxy:\n    base_url: https://api.beta.example\n\ngamma:\n  a: 1\n";
        let copied = entry(catalogue, "beta", "delta", Some("Delta")).unwrap();
        assert_eq!(
            copied,
            "delta:\n  # TODO: which of these lines are not so at this vendor? They are those of `beta`\n  display_name: \
             Delta\n  proxy:\n    base_url: https://api.delta.example\n"
        );
        assert_eq!(entry(catalogue, "omega", "delta", None), None);
    }

    #[test]
    fn only_whole_words_are_replaced() {
        for (text, expected) in [
            ("https://api.box.com/mailbox/box", "https://api.acme.com/mailbox/acme"),
            ("sandbox: box, boxes, box", "sandbox: acme, boxes, acme"),
            ("boxbox", "boxbox"),
            ("", ""),
        ] {
            assert_eq!(with_word(text, "box", "acme"), expected);
        }
    }
}
