//! Every rule of every stage, with its page. Each stage lists its own; here the lists are put together, once.

use crate::diagnostic::{Page, Rule};
use crate::{intake, lower, model, resolve, rules, syntax, template};
use std::sync::LazyLock;

/// Every rule of this build with its page, by code. Those of mistakes of Keyway itself are not among them.
pub(crate) fn documented() -> Vec<(&'static Rule, &'static Page)> {
    let read = syntax::PAGES.iter().chain(&intake::PAGES).chain(&resolve::PAGES).chain(&model::PAGES);
    let lowered = template::PAGES.iter().chain(&lower::PAGES);
    #[cfg(feature = "json")]
    let lowered = lowered.chain(&crate::witness::PAGES);
    let of_stages = read.chain(lowered).map(|(rule, page)| (*rule, page));
    let semantic = rules::LINTS.iter().map(|lint| (&lint.rule, &lint.page));
    let mut all: Vec<_> =
        of_stages.chain(semantic).chain([(&rules::UNUSED_ALLOW, &rules::UNUSED_ALLOW_PAGE)]).collect();
    all.sort_by_key(|(rule, _)| rule.code);
    all
}

/// Every rule of this build, by code.
pub fn rules() -> Vec<&'static Rule> {
    documented().into_iter().map(|(rule, _)| rule).collect()
}

/// The names of the rules that an entry may allow: those of this build, and those that it leaves out.
pub(super) fn allowable() -> &'static [String] {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
        let built = rules().into_iter().map(|rule| rule.name.to_owned());
        built.chain(rules::left_out().map(|module| module.replace('_', "-"))).collect()
    });
    &NAMES
}

#[cfg(test)]
mod tests {
    use super::{allowable, rules};

    #[test]
    fn a_rule_may_be_allowed_whether_or_not_this_build_has_it() {
        // The first two are about patterns, which a build may leave out; the others are of other stages.
        for name in ["host-escape", "default-violates-pattern", "dead-key", "unread-quirk", "unused-allow"] {
            assert!(allowable().iter().any(|known| known == name), "{name}");
        }
        assert!(!allowable().iter().any(|name| name.contains('_')), "modules are no names");
        let is_built = |name: &str| rules().iter().any(|rule| rule.name == name);
        assert_eq!(is_built("host-escape"), cfg!(feature = "patterns"));
    }

    #[test]
    fn rules_stand_by_code_each_once() {
        let codes: Vec<&str> = rules().iter().map(|rule| rule.code).collect();
        assert!(codes.len() > 100 && codes.is_sorted_by(|one, next| one < next), "{codes:?}");
    }
}
