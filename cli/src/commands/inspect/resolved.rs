//! A resolved entry as YAML, with a comment on each key that another text supplied.
//!
//! Maps are walked here, so that keys can have comments; everything else is the YAML library's to write.

use keyway_compiler::resolve::{Origin, Resolved, origin};
use keyway_compiler::schema::to_json;
use keyway_compiler::source::{Sources, Span};
use keyway_compiler::syntax::{Entry, Mapping};
use serde_json::{Map, Value};
use std::fmt::Write;

/// The entry as YAML.
pub(super) fn yaml(entry: &Resolved, entries: &[Resolved], sources: &Sources) -> String {
    let mut out = format!("{}:", entry.key.name);
    if let Some(alias) = &entry.alias {
        let _ = write!(out, " # an alias of `{}`", alias.target);
    }
    out.push('\n');
    let writer = Writer { entry, entries, sources };
    writer.map(&entry.body, 1, Origin::Own, &mut out);
    out
}

struct Writer<'e> {
    entry: &'e Resolved,
    entries: &'e [Resolved],
    sources: &'e Sources,
}

impl Writer<'_> {
    /// A map, `depth` levels in; `above` wrote the key it belongs to. The depth is bounded by the parser.
    fn map(&self, map: &Mapping, depth: usize, above: Origin<'_>, out: &mut String) {
        for member in map {
            let writer = origin(self.entry, self.entries, member.key.span);
            let comment = if writer == above { String::new() } else { self.comment(writer, member.key.span) };
            match member.value.as_mapping() {
                Some(below) if !below.entries.is_empty() => {
                    let key = plain(&Value::from(Map::from_iter([(member.key.name.clone(), Value::Null)])));
                    let key = key.trim_end().trim_end_matches("null").trim_end();
                    let _ = writeln!(out, "{}{key}{comment}", "  ".repeat(depth));
                    self.map(below, depth + 1, writer, out);
                }
                _ => leaf(member, depth, &comment, out),
            }
        }
    }

    /// ` # from the entry or file, and the line there`
    fn comment(&self, writer: Origin<'_>, span: Span) -> String {
        let place = self
            .sources
            .get(span.file)
            .map_or_else(String::new, |file| format!("{}:{}", file.name, file.line_column(span.range().start).line));
        match writer {
            Origin::Own => format!(" # its own, {place}"),
            Origin::Overlay => format!(" # laid over it, {place}"),
            Origin::Inherited(key) => format!(" # from `{key}`, {place}"),
        }
    }
}

/// A key with a value that is not a map.
fn leaf(member: &Entry, depth: usize, comment: &str, out: &mut String) {
    let text = plain(&Value::from(Map::from_iter([(member.key.name.clone(), to_json(&member.value))])));
    for (index, line) in text.lines().enumerate() {
        let comment = if index == 0 { comment } else { "" };
        let indent = if line.is_empty() { String::new() } else { "  ".repeat(depth) };
        let _ = writeln!(out, "{indent}{line}{comment}");
    }
}

/// Values of YAML are always values that the library can write.
fn plain(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap_or_default()
}
