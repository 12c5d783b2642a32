//! A page per rule.
//!
//! Two rules of one name, an error and a milder warning, share a page.
//! No rule is explained here: each brings its own page.

use super::{Page, cell};
use crate::reference::{RuleDoc, all_rules};
use std::fmt::Write as _;

/// The table of all rules, then their pages.
pub(super) fn pages() -> Vec<Page> {
    let mut pages = vec![Page::new("index.md", "All rules", &index())];
    for doc in all_rules().iter().filter(|doc| doc.page.is_some()) {
        let file = file(doc);
        let text = doc.markdown();
        match pages.iter_mut().find(|page| page.file == file) {
            Some(page) => page.text.extend(["\n", &text]),
            None => pages.push(Page::new(file, doc.rule.name, &text)),
        }
    }
    pages
}

fn file(doc: &RuleDoc) -> String {
    format!("{}.md", doc.rule.name)
}

fn index() -> String {
    let mut text = "# Rules\n\nAn *error* is what cannot work as written, or is unsafe. A *warning* is what probably does not do what its \
                    author meant. A *note* is worth knowing. `keyway explain NAME` prints the same pages.\n\n\
                    | code | rule | severity | |\n|---|---|---|---|\n"
        .to_owned();
    for doc in all_rules() {
        let (rule, severity) = (doc.rule, doc.rule.severity.as_str());
        let name = match doc.page {
            Some(_) => format!("[{}]({})", rule.name, file(doc)),
            None => rule.name.to_owned(),
        };
        let _ = writeln!(text, "| `{}` | {name} | {severity} | {} |", rule.code, cell(doc.summary()));
    }
    text
}
