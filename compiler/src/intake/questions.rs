//! Questions that are still open: lines `# TODO: ...` in an entry, as `keyway new` writes them beside a guess.

use super::OPEN_QUESTION;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;
use crate::syntax::Document;

/// The beginning of the comment.
const MARK: &str = "# TODO:";

/// Reports each question of an entry. What stands above the first entry belongs to none, and is none.
pub(super) fn find(text: &str, document: &Document, found: &mut Diagnostics) {
    if !text.contains(MARK) {
        return;
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let question = line.trim().strip_prefix(MARK).map(str::trim);
        let start = at + indent;
        at += line.len();
        let Some(question) = question.filter(|question| !question.is_empty()) else { continue };
        let above = document.entries.iter().take_while(|entry| (entry.key.span.start as usize) < start).last();
        // At the left margin a comment is about the file.
        let Some(entry) = above.filter(|_| indent > 0) else { continue };
        let span = Span::new(entry.key.span.file, start, start + line.trim().len());
        let finding = Diagnostic::new(&OPEN_QUESTION, format!("a question is open: {question}"), span)
            .label("what stands here is a guess")
            .help("answer it from the vendor's page, and remove the comment")
            .at(std::slice::from_ref(&entry.key.name));
        found.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::acme;
    use crate::intake::{OPEN_QUESTION, read};
    use crate::source::Sources;

    #[test]
    fn a_question_in_an_entry_is_reported_at_its_line() {
        for (text, expected) in [
            (acme!("    # TODO: which host?\n    auth_mode: NONE\n"), Some("a question is open: which host?")),
            (acme!("    auth_mode: NONE\n    # TODO:   \n"), None),
            (acme!("    auth_mode: NONE # TODO: not on a line of its own\n"), None),
            (acme!("    auth_mode: NONE\n# TODO: about the file\n"), None),
            ("# TODO: above\nacme:\n    auth_mode: NONE\n", None),
        ] {
            let mut sources = Sources::default();
            let file = sources.add("acme.yaml".to_owned(), text.to_owned());
            let (_, found) = read(file, text);
            let questions: Vec<_> = found.iter().filter(|one| one.rule.code == OPEN_QUESTION.code).collect();
            assert_eq!(questions.first().map(|one| one.message.as_str()), expected, "{text}");
            assert!(questions.iter().all(|one| one.provider() == Some("acme")), "{text}");
        }
    }
}
