//! Which findings are reported, which are shown, and what both mean for the exit code.

use super::{BAD, folder, run};

/// An error and a warning, at two places; the entry builds on nothing.
const TWO: &str = "\
acme:
  display_name: Acme
  docs: https://acme.example/docs
  categories: [other]
  auth_mode: NONE
  connection_config:
    team: {type: string, title: Team, description: Its name.}
  proxy: {base_url: https://api.acme.example, hedaers: {}}
";

#[test]
fn only_what_a_rule_finds_is_reported_and_counts() {
    let folder = folder(&[("providers.yaml", TWO)]);
    for (arguments, code, rules) in [
        (&[][..], 1, &["unused-config-field", "unknown-key"][..]),
        (&["--rule", "unused-config-field"], 0, &["unused-config-field"]),
        (&["--rule", "KW0312", "--deny-warnings"], 1, &["unused-config-field"]),
        (&["--rule", "kw0101"], 1, &["unknown-key"]),
        (&["--rule", "unknown-key", "--rule", "unused-config-field"], 1, &["unused-config-field", "unknown-key"]),
        (&["--rule", "duplicate-key"], 0, &[]),
    ] {
        let (found, out, err) = run(folder.path(), &[&["check", "--format", "json"], arguments].concat());
        let names: Vec<String> = out
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["rule"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!((found, names), (code, rules.iter().map(ToString::to_string).collect()), "{arguments:?} {err}");
    }
}

#[test]
fn an_unknown_rule_is_wrong_usage_with_the_nearest_name() {
    let folder = folder(&[("providers.yaml", BAD)]);
    for (name, said) in [
        ("unkown-key", "error: there is no rule `unkown-key`; did you mean `unknown-key`?\n"),
        ("KW01010", "error: there is no rule `KW01010`; did you mean `KW0101`?\n"),
        ("zebra", "error: there is no rule `zebra`; a rule is named as in a finding: `unknown-key` or `KW0101`\n"),
    ] {
        let (code, out, err) = run(folder.path(), &["check", "--rule", name]);
        assert_eq!((code, out.as_str(), err.as_str()), (2, "", said));
    }
}

#[test]
fn at_most_so_many_are_shown_the_worst_ones_and_all_count() {
    let folder = folder(&[("providers.yaml", TWO)]);
    for (max, shown, said) in [
        ("0", &[][..], "2 more not shown (`--max 0`)\n1 entry, 1 error, 1 warning in "),
        ("1", &["error[KW0101]"], "1 more not shown (`--max 1`)\n1 entry, 1 error, 1 warning in "),
        ("2", &["warning[KW0312]", "error[KW0101]"], "1 entry, 1 error, 1 warning in "),
        ("3", &["warning[KW0312]", "error[KW0101]"], "1 entry, 1 error, 1 warning in "),
    ] {
        let (code, out, err) = run(folder.path(), &["check", "--max", max]);
        let heads: Vec<&str> = out.lines().filter(|line| line.contains("[KW")).collect();
        let expected: Vec<bool> = heads.iter().zip(shown).map(|(head, start)| head.starts_with(start)).collect();
        assert_eq!((code, heads.len(), expected.contains(&false)), (1, shown.len(), false), "{max}: {out}");
        assert!(err.starts_with(said), "{max}: {err}");
    }
}

#[test]
fn of_many_findings_the_summary_counts_each_rule() {
    let many = (0..30).fold(String::new(), |text, at| text + &format!("p{at}: {{alias: none}}\n"));
    let folder = folder(&[("providers.yaml", &many)]);
    let (_, _, err) = run(folder.path(), &["check", "--max", "1"]);
    assert!(err.contains("30 entries, 30 errors, 0 warnings in "), "{err}");
    assert!(err.ends_with("\n     30 error   KW0011 alias-missing\n"), "{err}");
}

#[test]
fn an_entry_in_the_place_of_the_file_is_told_with_the_option_that_takes_it() {
    let folder = folder(&[("providers.yaml", TWO)]);
    for (file, more) in [
        ("acme", "; for the entry `acme` of `providers.yaml`: `keyway check --provider acme`"),
        ("acmee", ""),
        ("./acme", ""),
    ] {
        let (code, out, err) = run(folder.path(), &["check", file]);
        let said =
            format!("error: there is no file `{file}`; name one with `keyway check FILE`, or `-` for standard input");
        assert_eq!((code, out.as_str(), err), (2, "", format!("{said}{more}\n")));
    }
}
