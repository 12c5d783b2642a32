//! The rules of all stages, with their pages, by name or code.
//!
//! The list is that of `analysis`; this module prints a page. It runs no rule.

use super::names;
use crate::analysis::documented;
use crate::diagnostic::{Page, Rule, nearest};
use crate::template::UNKNOWN_TEMPLATE_ROOT;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// A rule with what explains it.
#[derive(Clone, Copy, Debug)]
pub struct RuleDoc {
    /// Its name, code and usual severity.
    pub rule: &'static Rule,
    /// Its page; rules about mistakes of Keyway itself have none.
    pub page: Option<&'static Page>,
}

/// Every rule of this build, by code.
pub fn all_rules() -> &'static [RuleDoc] {
    static ALL: LazyLock<Vec<RuleDoc>> = LazyLock::new(|| {
        let documented = documented().into_iter();
        let mut all: Vec<RuleDoc> = documented.map(|(rule, page)| RuleDoc { rule, page: Some(page) }).collect();
        #[cfg(feature = "schema")]
        all.extend(crate::schema::RULES.iter().map(|rule| RuleDoc { rule, page: None }));
        all.sort_by_key(|doc| doc.rule.code);
        all
    });
    &ALL
}

/// The rules of a name or a code, in any case. A name may be that of an error and of a milder warning.
pub fn rules_of(name: &str) -> Vec<&'static RuleDoc> {
    let is_meant =
        |doc: &&RuleDoc| doc.rule.name.eq_ignore_ascii_case(name) || doc.rule.code.eq_ignore_ascii_case(name);
    all_rules().iter().filter(is_meant).collect()
}

/// The rule whose name comes nearest to a word.
pub fn nearest_rule(word: &str) -> Option<&'static str> {
    nearest(word, all_rules().iter().map(|doc| doc.rule.name))
}

impl RuleDoc {
    /// A summary of the check, in one line.
    pub fn summary(&self) -> &'static str {
        self.page.map_or("Checks for a mistake of Keyway itself; please report what it finds.", |page| page.checks)
    }

    /// The page for a terminal.
    pub fn text(&self) -> String {
        let indented = |example: &str| example.lines().fold(String::new(), |text, line| text + "    " + line + "\n");
        let mut out = format!("{}\n\n{}\n", self.title(), self.summary());
        if let Some(page) = self.page {
            let _ = write!(out, "\n{}\n\nThis fails:\n\n{}", page.why, indented(page.fails));
            let _ = write!(out, "\nMended:\n\n{}", indented(page.mended));
        }
        out + &self.more()
    }

    /// The page for the book.
    pub fn markdown(&self) -> String {
        let Rule { name, code, severity } = self.rule;
        let mut out = format!("# {name}\n\n`{code}`, {}\n\n{}\n", severity.as_str(), self.summary());
        if let Some(page) = self.page {
            let _ = writeln!(out, "\n{}\n\n## This fails\n\n```yaml,fails={code}\n{}```", page.why, page.fails);
            let _ = writeln!(out, "\n## Mended\n\n```yaml\n{}```", page.mended);
        }
        out
    }

    /// The derived part of the page: the names of every field, where a name is what is wrong.
    fn more(&self) -> String {
        if *self.rule == UNKNOWN_TEMPLATE_ROOT { names::text() } else { String::new() }
    }

    /// `unbounded-host (KW0321, error)`
    fn title(&self) -> String {
        format!("{} ({}, {})", self.rule.name, self.rule.code, self.rule.severity.as_str())
    }
}
