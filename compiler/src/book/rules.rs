//! A page per rule, grouped by family.
//!
//! Two rules of one name, an error and a milder warning, share a page. Each rule brings its own page.

use super::family::FAMILIES;
use super::{Page, cell};
use crate::reference::{RuleDoc, all_rules};
use std::fmt::Write as _;

/// The table of all rules, then each family with the pages of its rules.
pub(super) fn pages() -> Vec<Page> {
    let all: Vec<&RuleDoc> = all_rules().iter().collect();
    let mut pages = vec![Page::new("index.md", "All rules", &format!("{INTRO}{}", table(&all)))];
    for family in FAMILIES {
        let members: Vec<&RuleDoc> = all.iter().copied().filter(|doc| family.has(doc.rule)).collect();
        let title = family.title;
        pages.push(Page::new(family.file, title, &format!("# {title}\n\n{}", table(&members))));
        for doc in members.into_iter().filter(|doc| doc.page.is_some()) {
            let file = file(doc);
            let text = doc.markdown();
            match pages.iter_mut().find(|page| page.file == file) {
                Some(page) => page.text.extend(["\n", &text]),
                None => pages.push(Page::new(file, doc.rule.name, &text).nested()),
            }
        }
    }
    pages
}

const INTRO: &str = "# Rules\n\nAn *error* is what cannot work as written, or is unsafe. A *warning* is what probably does not do what its \
                     author meant. A *note* is worth knowing. `keyway explain NAME` prints the same pages.\n\n";

fn file(doc: &RuleDoc) -> String {
    format!("{}.md", doc.rule.name)
}

fn table(docs: &[&RuleDoc]) -> String {
    let mut text = "| code | rule | severity | |\n|---|---|---|---|\n".to_owned();
    for doc in docs {
        let (rule, severity) = (doc.rule, doc.rule.severity.as_str());
        let name = match doc.page {
            Some(_) => format!("[{}]({})", rule.name, file(doc)),
            None => rule.name.to_owned(),
        };
        let _ = writeln!(text, "| `{}` | {name} | {severity} | {} |", rule.code, cell(doc.summary()));
    }
    text
}
