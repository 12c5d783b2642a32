//! Entries out of alphabetical order.

use super::lint::acme;
use super::support::findings::Findings;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::source::FileId;

pub(super) static LINT: Lint = Lint {
    rule: Rule::note("KW0389", "unsorted-entries"),
    page: Page {
        checks: "Checks for entries that do not stand in the alphabetical order of their keys.",
        why: "In a file of hundreds, order is how people find an entry and see that one is there already, and how two additions do not meet in one \
              place. Nothing else depends on it. The first entry out of order is shown, with how many there are.",
        fails: concat!(
            acme!("    auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n"),
            "aardvark: {alias: acme, display_name: Aardvark, docs: 'https://docs.aardvark.example', categories: [other], proxy: {base_url: 'https://api.aardvark.example'}}\n",
        ),
        mended: concat!(
            "aardvark: {alias: acme, display_name: Aardvark, docs: 'https://docs.aardvark.example', categories: [other], proxy: {base_url: 'https://api.aardvark.example'}}\n",
            acme!("    auth_mode: NONE\n    proxy: {base_url: 'https://api.acme.example'}\n"),
        ),
    },
    check: Check::Catalogue(check),
};

fn check(subjects: &[Subject<'_>], lint: &'static Lint, findings: &mut Findings) {
    let key = |subject: &Subject<'_>| subject.entry.key.span;
    let mut written: Vec<&Subject<'_>> = subjects.iter().collect();
    written.sort_by_key(|subject| key(subject));
    let same_file = |one: &Subject<'_>, other: &Subject<'_>| -> bool {
        let file = |subject: &Subject<'_>| -> FileId { key(subject).file };
        file(one) == file(other)
    };
    let out_of_order = written.windows(2).filter_map(|pair| match pair {
        [one, next] if same_file(one, next) && !in_order(&one.entry.key.name, &next.entry.key.name) => {
            Some((*one, *next))
        }
        _ => None,
    });
    let out_of_order: Vec<_> = out_of_order.collect();
    let Some((before, first)) = out_of_order.first() else { return };
    let message = format!("`{}` stands behind `{}`", first.entry.key.name, before.entry.key.name);
    let others = out_of_order.len() - 1;
    findings.of(&lint.rule, first).spanned(&[], first.entry.key.span, message, |found| {
        let found = found.label("entries are in alphabetical order of their keys");
        let found = found.secondary(before.entry.key.span, "this comes later in the alphabet");
        match others {
            0 => found.help("move it to its place"),
            _ => found.help(format!("move it to its place; {others} more of this file are out of order")),
        }
    });
}

/// By characters, or by letters and digits alone: `e-conomic` may stand before `easypost` or after it.
fn in_order(one: &str, next: &str) -> bool {
    let letters = |key: &str| key.replace('-', "");
    one <= next || letters(one) <= letters(next)
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::check;

    #[test]
    fn the_first_one_out_of_order_is_shown() {
        let of = |keys: &[&str]| {
            let entry = |key: &&str| {
                format!("{key}: {{auth_mode: NONE, display_name: A, docs: 'https://a.example', categories: [other]}}\n")
            };
            keys.iter().map(entry).collect::<String>()
        };
        for (keys, expected) in [
            (&["a", "b", "c"][..], None),
            (&["a-b", "ab", "ac"], None),
            (&["ab", "a-c"], None),
            (&["b", "a", "d", "c"], Some("2:1 `a` stands behind `b`")),
        ] {
            check("unsorted-entries", &of(keys), &expected.into_iter().collect::<Vec<_>>());
        }
    }
}
