//! Which findings were asked for, and which of those are shown.
//!
//! The selection decides the exit code too; the display does not.

use crate::exit::Failure;
use crate::input;
use keyway_compiler::diagnostic::{Diagnostic, Diagnostics, Rule, nearest};
use keyway_compiler::model::grammar::{Grammar as _, ProviderKey};
use keyway_compiler::pipeline::{self, Checked};
use std::path::Path;

/// The rules of these names or codes.
pub(super) fn rules(wanted: &[String]) -> Result<Vec<&'static Rule>, Failure> {
    let known = pipeline::rules();
    let is = |rule: &Rule, name: &str| rule.name == name || rule.code.eq_ignore_ascii_case(name);
    let find = |name: &String| {
        known.iter().copied().find(|rule| is(rule, name)).ok_or_else(|| {
            let names = known.iter().map(|rule| rule.name).chain(known.iter().map(|rule| rule.code));
            let next = nearest(name, names).map_or_else(
                || "a rule is named as in a finding: `unknown-key` or `KW0101`".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Failure::usage(format!("there is no rule `{name}`; {next}"))
        })
    };
    wanted.iter().map(find).collect()
}

/// Narrows to a provider and those it builds on, and to some rules; no rules are all of them. A mistake of Keyway
/// itself is never left out.
pub(super) fn asked_for(
    mut checked: Checked,
    provider: Option<&str>,
    rules: &[&'static Rule],
) -> Result<Checked, Failure> {
    if let Some(provider) = provider {
        checked = checked.only(provider).map_err(|unknown| {
            let next = unknown.nearest.map_or_else(
                || "run `keyway check` without `--provider` to check all".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            Failure::usage(format!("the file has no provider `{provider}`; {next}"))
        })?;
    }
    let wanted = |found: &Diagnostic| found.rule.is_internal() || is_of(found, rules);
    checked.diagnostics = checked.diagnostics.into_iter().filter(wanted).collect();
    Ok(checked)
}

/// The command that checks an entry, where a file that is not there has the name of one in `catalogue`.
pub(super) fn entry_for_file(file: &Path, catalogue: &Path) -> Option<String> {
    let key = file.to_str().filter(|key| ProviderKey::accepts(key) && !file.exists())?;
    let text = input::read(catalogue, "").ok()?.text;
    let shown = catalogue.display();
    let is_entry = input::keys(&text).iter().any(|known| known == key);
    is_entry.then(|| format!("for the entry `{key}` of `{shown}`: `keyway check --provider {key}`"))
}

/// True if one of some rules found it; no rules are all of them.
pub(super) fn is_of(found: &Diagnostic, rules: &[&'static Rule]) -> bool {
    rules.is_empty() || rules.iter().any(|rule| rule.code == found.rule.code)
}

/// At most `max` findings, the worst ones, still by place.
pub(super) fn worst(found: &Diagnostics, max: Option<usize>) -> Vec<&Diagnostic> {
    let Some(max) = max else { return found.iter().collect() };
    let mut ranked: Vec<(usize, &Diagnostic)> = found.iter().enumerate().collect();
    ranked.sort_by_key(|(_, finding)| finding.severity);
    ranked.truncate(max);
    ranked.sort_by_key(|(at, _)| *at);
    ranked.into_iter().map(|(_, finding)| finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_compiler::source::{FileId, Span};

    static ERROR: Rule = Rule::error("KW9997", "an-error");
    static NOTE: Rule = Rule::note("KW9999", "a-note");

    #[test]
    fn the_worst_findings_are_kept_in_the_order_of_their_places() {
        let rules: [&'static Rule; 4] = [&NOTE, &ERROR, &NOTE, &ERROR];
        let found: Diagnostics = rules
            .iter()
            .enumerate()
            .map(|(at, rule)| Diagnostic::new(rule, at.to_string(), Span::new(FileId(0), at, at)))
            .collect();
        for (max, expected) in
            [(None, "0123"), (Some(9), "0123"), (Some(3), "013"), (Some(2), "13"), (Some(1), "1"), (Some(0), "")]
        {
            let kept: String = worst(&found, max).iter().map(|finding| finding.message.as_str()).collect();
            assert_eq!(kept, expected, "{max:?}");
        }
    }

    #[test]
    fn rules_are_known_by_name_and_by_code() {
        let of = |names: &[&str]| rules(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        let codes: Vec<_> = of(&["unknown-key", "kw0002"]).unwrap().iter().map(|rule| rule.code).collect();
        assert_eq!(codes, ["KW0101", "KW0002"]);
        for (name, said) in [
            ("unkown-key", "there is no rule `unkown-key`; did you mean `unknown-key`?"),
            (
                "internal-schema-mismatch",
                "there is no rule `internal-schema-mismatch`; a rule is named as in a finding: `unknown-key` or `KW0101`",
            ),
        ] {
            assert_eq!(of(&[name]).unwrap_err().message, said);
        }
    }
}
