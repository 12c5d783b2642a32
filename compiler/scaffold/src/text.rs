//! The lines of a draft as YAML: block style, two spaces, comments where a fact is from somewhere.

/// A key with its value, and what is said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The key.
    pub key: String,
    /// The value.
    pub value: DraftValue,
    /// Where it is from.
    pub from: Option<String>,
    /// The question that settles it.
    pub question: Option<String>,
}

/// A value as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftValue {
    /// A text, quoted where YAML needs it.
    Text(String),
    /// A number, a boolean or a word, as it is.
    Word(String),
    /// Short texts on one line.
    List(Vec<String>),
    /// Texts, one on each line, each with where it is from.
    Items(Vec<(String, Option<String>)>),
    /// A map.
    Map(Vec<Line>),
}

impl Line {
    /// A key and its value.
    pub fn new(key: impl Into<String>, value: DraftValue) -> Line {
        Line { key: key.into(), value, from: None, question: None }
    }

    /// A key and a text.
    pub fn text(key: impl Into<String>, text: impl Into<String>) -> Line {
        Line::new(key, DraftValue::Text(text.into()))
    }

    /// The same with a question.
    #[must_use]
    pub fn asking(self, question: impl Into<String>) -> Line {
        Line { question: Some(question.into()), ..self }
    }
}

/// The text of an entry.
pub fn entry(key: &str, lines: &[Line]) -> String {
    let mut out = vec![format!("{key}:")];
    write(&mut out, lines, 1);
    out.push(String::new());
    out.join("\n")
}

fn write(out: &mut Vec<String>, lines: &[Line], depth: usize) {
    let indent = "  ".repeat(depth);
    for Line { key, value, from, question } in lines {
        out.extend(question.as_ref().map(|question| format!("{indent}# TODO: {}", one_line(question))));
        let (key, behind) = (scalar(key), comment(from.as_deref()));
        match value {
            DraftValue::Text(text) => out.push(format!("{indent}{key}: {}{behind}", scalar(text))),
            DraftValue::Word(word) => out.push(format!("{indent}{key}: {word}{behind}")),
            DraftValue::List(items) => {
                let items: Vec<String> = items.iter().map(|item| in_list(item)).collect();
                out.push(format!("{indent}{key}: [{}]{behind}", items.join(", ")));
            }
            DraftValue::Items(items) => {
                out.push(format!("{indent}{key}:{behind}"));
                let items = items.iter();
                out.extend(
                    items.map(|(item, from)| format!("{indent}  - {}{}", scalar(item), comment(from.as_deref()))),
                );
            }
            DraftValue::Map(lines) => {
                out.push(format!("{indent}{key}:{behind}"));
                write(out, lines, depth + 1);
            }
        }
    }
}

/// Where a fact is from, behind it.
fn comment(from: Option<&str>) -> String {
    from.map(|from| format!("  # {}", one_line(from))).unwrap_or_default()
}

/// A text as YAML writes it on one line.
fn scalar(text: &str) -> String {
    let text = one_line(text);
    let written = serde_yaml::to_string(&text).unwrap_or_default();
    written.trim_end().to_owned()
}

/// The same where commas and brackets would end it.
fn in_list(text: &str) -> String {
    let written = scalar(text);
    let is_plain = !written.starts_with(['\'', '"']);
    if is_plain && written.contains([',', '[', ']', '{', '}']) {
        format!("'{}'", written.replace('\'', "''"))
    } else {
        written
    }
}

/// Documents are written by others: their line breaks and control characters end no line of ours.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c == '\u{2028}' || c == '\u{2029}')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_written_in_block_style_with_their_comments() {
        let lines = [
            Line::text("display_name", "Acme: the API"),
            Line { from: Some("a.json#/servers/0".to_owned()), ..Line::text("docs", "https://docs.acme.example") },
            Line::new("categories", DraftValue::List(vec!["crm".to_owned(), "a, b".to_owned()])).asking("which\nones?"),
            Line::new("optional", DraftValue::Word("true".to_owned())),
            Line::new(
                "retry",
                DraftValue::Map(vec![Line::new(
                    "after",
                    DraftValue::Items(vec![("retry-after".to_owned(), Some("x".to_owned()))]),
                )]),
            ),
            Line::text("example", "true"),
        ];
        let expected = "acme:
  display_name: 'Acme: the API'
  docs: https://docs.acme.example  # a.json#/servers/0
  # TODO: which ones?
  categories: [crm, 'a, b']
  optional: true
  retry:
    after:
      - retry-after  # x
  example: 'true'
";
        assert_eq!(entry("acme", &lines), expected);
    }
}
