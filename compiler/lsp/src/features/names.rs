//! Queries that several features share: the context, the entry, the mode, the name in a template.

use crate::cursor::{self, CursorContext};
use crate::session::View;
use keyway_compiler::model::Mode;
use keyway_compiler::resolve::{Resolved, resolve};
use keyway_compiler::source::FileId;
use keyway_compiler::syntax::parse;
use std::borrow::Cow;
use std::ops::Range;

/// The cursor, with the entry it is in.
pub(super) struct ResolvedCursor<'d> {
    pub(super) context: CursorContext,
    /// Absent at the root, and where the entry cannot be read even without the line of the cursor.
    pub(super) entry: Option<Cow<'d, Resolved>>,
}

impl<'d> ResolvedCursor<'d> {
    /// The cursor at a byte of a document.
    pub(super) fn at(view: &View<'d>, offset: usize) -> Option<ResolvedCursor<'d>> {
        let context = cursor::at(view.text.as_str(), offset)?;
        let entry = context.entry.as_deref().and_then(|key| match view.entry(key) {
            Some(entry) => Some(Cow::Borrowed(entry)),
            None => without_line(view, offset, key).map(Cow::Owned),
        });
        Some(ResolvedCursor { context, entry })
    }

    /// The path, items of lists left out.
    pub(super) fn path(&self) -> Vec<&str> {
        self.context.path.iter().map(String::as_str).filter(|step| *step != "[]").collect()
    }

    /// The auth mode of the entry.
    pub(super) fn mode(&self) -> Option<Mode> {
        Mode::parse(self.entry.as_ref()?.body.get("auth_mode")?.value.as_str()?)
    }
}

/// An entry without the line of the cursor, which is being typed.
fn without_line(view: &View<'_>, offset: usize, key: &str) -> Option<Resolved> {
    let text = view.text.as_str();
    let start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let end = text.get(offset..)?.find('\n').map_or(text.len(), |at| offset + at);
    let blank = format!("{}{}{}", text.get(..start)?, " ".repeat(end - start), text.get(end..)?);
    // Places stay as they are: of the text before a byte-order mark, and after it, the same bytes are gone.
    let (entries, _) = resolve(parse(FileId(0), blank.trim_start_matches('\u{feff}')).0);
    entries.into_iter().find(|entry| entry.key.name == key)
}

/// The bytes of the name of a template at a byte: from after its `${`, to where it ends. Empty where it only begins.
pub(super) fn name_at(text: &str, token: &Range<usize>, offset: usize) -> Option<Range<usize>> {
    let before = text.get(token.start..offset)?;
    let open = before.rfind("${").map(|at| token.start + at + 2)?;
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !text.get(open..offset)?.chars().all(part) {
        return None;
    }
    let rest = text.get(open..)?;
    let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
    Some(open..open + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_stands_in_the_innermost_placeholder() {
        for (text, expected) in [
            ("a${b|c}d", Some("bc")),
            ("a${|", Some("")),
            ("a${x}|", None),
            ("a|${x}", None),
            ("${base64(${user|}:x)}", Some("user")),
            ("${connectionConfig.a-b|}", Some("connectionConfig.a-b")),
            ("a|", None),
        ] {
            let offset = text.find('|').unwrap();
            let text = text.replacen('|', "", 1);
            let found = name_at(&text, &(0..text.len()), offset).map(|range| &text[range]);
            assert_eq!(found, expected, "{text}");
        }
    }
}
