//! Where an entry goes in a catalogue: in the order of keys, with every other byte as it was.

use keyway_compiler::source::Sources;
use keyway_compiler::syntax;

/// Why an entry cannot be put into a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceRefused {
    /// The file has the key already.
    Exists,
    /// The file cannot be read as YAML.
    Unreadable,
}

/// The file with the entry in it. A comment right above an entry belongs to that one.
pub fn placed(text: &str, key: &str, entry: &str) -> Result<String, PlaceRefused> {
    let mut sources = Sources::default();
    let file = sources.add("catalogue".to_owned(), text.to_owned());
    let (document, found) = syntax::parse(file, text);
    if found.has_errors() {
        return Err(PlaceRefused::Unreadable);
    }
    if document.keys().iter().any(|other| other == key) {
        return Err(PlaceRefused::Exists);
    }
    let behind = document.entries.iter().find(|entry| entry.key.name.as_str() > key);
    let at = behind.map_or(text.len(), |entry| above_comments(text, entry.key.span.start as usize));
    let (before, after) = (text.get(..at).unwrap_or(text), text.get(at..).unwrap_or_default());
    let mut out = before.to_owned();
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    let has_space = out.is_empty() || out.ends_with("\n\n") || out.ends_with("\n\r\n");
    if !has_space {
        out.push('\n');
    }
    out.push_str(entry);
    if !after.is_empty() {
        out.push('\n');
    }
    out.push_str(after);
    Ok(out)
}

/// The beginning of the comments that stand right above a line.
fn above_comments(text: &str, at: usize) -> usize {
    let mut begin = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    while begin > 0 {
        let before = text.get(..begin - 1).unwrap_or_default();
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        if !before.get(line..).unwrap_or_default().starts_with('#') {
            break;
        }
        begin = line;
    }
    begin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_put_in_the_order_of_keys_and_nothing_else_moves() {
        let file = "# A catalogue.\n\nbeta:\n  a: 1   # kept\n\n# about delta\ndelta:\n  a: 2\n";
        for (key, expected) in [
            ("acme", "# A catalogue.\n\nacme:\n  x: 1\n\nbeta:\n  a: 1   # kept\n\n# about delta\ndelta:\n  a: 2\n"),
            ("cola", "# A catalogue.\n\nbeta:\n  a: 1   # kept\n\ncola:\n  x: 1\n\n# about delta\ndelta:\n  a: 2\n"),
            ("echo", "# A catalogue.\n\nbeta:\n  a: 1   # kept\n\n# about delta\ndelta:\n  a: 2\n\necho:\n  x: 1\n"),
        ] {
            assert_eq!(placed(file, key, &format!("{key}:\n  x: 1\n")).as_deref(), Ok(expected), "{key}");
        }
        assert_eq!(placed(file, "beta", "beta:\n"), Err(PlaceRefused::Exists));
        assert_eq!(placed("a: [", "beta", "beta:\n"), Err(PlaceRefused::Unreadable));
        assert_eq!(placed("", "beta", "beta:\n  x: 1\n").as_deref(), Ok("beta:\n  x: 1\n"));
        assert_eq!(placed("a: 1", "beta", "beta:\n  x: 1\n").as_deref(), Ok("a: 1\n\nbeta:\n  x: 1\n"));
    }
}
