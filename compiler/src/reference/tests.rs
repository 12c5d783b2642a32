//! The lookups by name, and that every example is complete and correct.

use super::*;
use crate::diagnostic::{Diagnostic, Page, Rule, Severity};
use crate::model::Mode;
use crate::pipeline::{self, Input};
use crate::source::Sources;
use crate::witness::SecondSources;

#[test]
fn a_key_is_found_by_the_path_a_file_has() {
    for (path, mode, expected) in [
        (&["alias"][..], None, Some("alias")),
        (&["proxy", "retry", "at"], None, Some("proxy.retry.at")),
        (&["credentials", "apiKey", "title"], Some(Mode::ApiKey), Some("credentials.*.title")),
        (&["additional_steps", "1", "token_url"], Some(Mode::TwoStep), Some("additional_steps[].token_url")),
        (&["keyway", "token", "also", "second", "then"], None, None),
        (&["connection_config", "subdomain"], None, None),
        (&["token_params", "grant_type"], Some(Mode::OAuth2), None),
        (&["proxy"], None, Some("proxy")),
        (&[], None, None),
        (&["prox"], None, None),
    ] {
        assert_eq!(key(path, mode).map(|doc| doc.path.as_str()), expected, "{path:?}");
    }
}

#[test]
fn the_mode_decides_which_meaning_is_told() {
    let told = |mode| key(&["signature", "protocol"], mode).map(|doc| doc.doc.as_str());
    assert_eq!(told(Some(Mode::Signature)), Some("The scheme. Only `WSSE` exists."));
    assert_eq!(told(Some(Mode::Jwt)), Some("The kind of key."));
    assert!(told(Some(Mode::None)).is_some(), "a mode that does not read the key is told what it means elsewhere");
}

#[test]
fn a_name_leads_to_every_place_it_stands_in() {
    let paths = |name| keys_of(name).iter().map(|doc| doc.path.as_str()).collect::<Vec<_>>();
    assert_eq!(paths("proxy.retry.at"), ["proxy.retry.at"]);
    assert_eq!(paths("additional_steps.token_url"), ["additional_steps[].token_url"]);
    assert_eq!(paths("in_body"), ["proxy.retry.in_body"]);
    assert_eq!(paths("doc_section").len(), 4, "one for each map of fields");
    assert!(paths("token_url").iter().all(|path| *path == "token_url"), "the key of the entry itself comes first");
    assert_eq!(paths("no_such_key"), [""; 0]);
    assert_eq!(nearest_key("tokn_url"), Some("token_url"));
    assert_eq!(nearest_key("proxy.rety.at"), Some("proxy.retry.at"));
}

#[test]
fn every_key_that_is_read_has_an_example_and_every_other_has_none() {
    let odd: Vec<&str> =
        all_keys().iter().filter(|doc| example(doc).is_some() == doc.dead).map(|doc| doc.path.as_str()).collect();
    assert_eq!(odd, [""; 0]);
}

#[test]
fn the_examples_are_a_catalogue_without_a_finding() {
    let mut sources = Sources::default();
    let file = sources.add("examples.yaml", EXAMPLES);
    let found = pipeline::check(&sources, file).diagnostics;
    let bad = found.iter().filter(|found| found.severity != Severity::Note);
    assert_eq!(bad.map(|found| format!("{}: {}", found.path.join("."), found.message)).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn what_is_said_of_a_key_names_type_place_modes_and_values() {
    let doc = key(&["proxy", "retry", "in_body", "strategy"], None).unwrap();
    let expected = "\
proxy.retry.in_body.strategy

  What the group means.

  type       one of `at`, `after`
  stands in  `proxy.retry.in_body`
  required   yes
  read by    every mode
  values     2
    at  An instant.
    after  A number of seconds.

  example
    acme:
        proxy:
            retry:
                in_body:
                    strategy: after
";
    assert_eq!(text(doc), expected);
    let doc = key(&["authorization_url"], Some(Mode::OAuth2)).unwrap();
    assert_eq!(requirement(doc), "in `OAUTH2` unless `installation` is `outbound`, in `MCP_OAUTH2`, in `CUSTOM`",);
    assert!(markdown(doc).contains("```yaml\nacme:\n"), "{}", markdown(doc));
}

/// The findings in an example of a page.
fn run(example: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::default();
    let (catalogue, overlay) = Page::files(example);
    let catalogue = sources.add("t.yaml", catalogue);
    let overlays = overlay.map(|text| sources.add("overlay.yaml", text)).into_iter().collect();
    let mut checked = pipeline::check(&sources, Input { catalogue, overlays });
    let mut others = SecondSources::default();
    assert_eq!(others.add("other", "other.jsonl", &Page::against(example)), []);
    checked.compare(&others);
    checked.diagnostics.into_iter().collect()
}

#[test]
fn every_page_shows_what_its_rule_finds_and_how_it_is_mended() {
    let show = |found: &Diagnostic| format!("{} {}: {}", found.rule.name, found.path.join("."), found.message);
    for RuleDoc { rule, page } in all_rules() {
        let Some(page) = page else {
            assert!(rule.is_internal(), "`{}` has no page", rule.name);
            continue;
        };
        assert!(page.checks.starts_with("Checks for "), "{}: {}", rule.name, page.checks);
        let found = run(page.fails);
        let ours = found.iter().filter(|found| found.rule == *rule).count();
        assert_eq!(ours, 1, "{} in its failing example: {:?}", rule.name, found.iter().map(show).collect::<Vec<_>>());
        // A note may hold for good: a product that customers host has no other host than theirs.
        let mended = run(page.mended);
        let left = mended.iter().filter(|found| found.rule == *rule || found.severity != Severity::Note);
        assert_eq!(left.map(show).collect::<Vec<_>>(), [""; 0], "{}: the mended example", rule.name);
    }
}

#[test]
fn every_rule_of_every_stage_is_there_once() {
    let stages: [&[&Rule]; 5] = [
        &crate::syntax::RULES,
        &crate::resolve::RULES,
        &crate::model::RULES,
        &crate::template::RULES,
        &crate::lower::RULES,
    ];
    for rule in stages.into_iter().flatten() {
        assert!(all_rules().iter().any(|doc| doc.rule == *rule), "`{}` is not listed", rule.name);
    }
    let codes: Vec<&str> = all_rules().iter().map(|doc| doc.rule.code).collect();
    assert!(codes.is_sorted_by(|one, next| one < next), "a code stands for two rules: {codes:?}");
}

#[test]
fn a_rule_is_found_by_name_and_by_code() {
    let codes = |name| rules_of(name).iter().map(|doc| doc.rule.code).collect::<Vec<_>>();
    assert_eq!(codes("unbounded-host"), ["KW0321"]);
    assert_eq!(codes("kw0321"), ["KW0321"]);
    assert_eq!(codes("auth-mode-shape"), ["KW0106", "KW0304"], "one is what cannot work, one is what is odd");
    assert_eq!(codes("nothing"), [""; 0]);
    assert_eq!(nearest_rule("unbound-host"), Some("unbounded-host"));
}

/// A message about such a name says that this page lists them.
#[test]
fn the_page_of_an_unknown_name_lists_the_names_of_every_field() {
    let page = rules_of("unknown-template-root").first().map(|doc| doc.text()).unwrap_or_default();
    for line in [
        "  proxy.base_url",
        "    NAME, connectionConfig.NAME, connection_id, credentials.NAME, metadata.NAME",
        "  token_url in `TWO_STEP`",
        "  token_url in all but `TWO_STEP`",
        "  keyway.token.code.url",
    ] {
        assert!(page.lines().any(|shown| shown == line), "`{line}` is not in {page}");
    }
}
