//! `keyway diff` as a process: exit codes, both lines, formats.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;

const OLD: &str = "\
acme:
  display_name: Acme
  docs: https://docs.acme.example
  categories: [other]
  auth_mode: NONE
  connection_config:
    team: {type: string, title: Team, description: D., pattern: '^[a-z0-9]+$'}
  proxy:
    base_url: https://${connectionConfig.team}.acme.com
heir:
  alias: acme
  display_name: Heir
";

/// The exit code, standard output and standard error of comparing two texts.
fn run(old: &str, new: &str, arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old.yaml"), old).unwrap();
    std::fs::write(folder.path().join("new.yaml"), new).unwrap();
    process::run(folder.path(), &[&["diff", "old.yaml", "new.yaml"], arguments].concat())
}

#[test]
fn the_same_file_differs_in_nothing() {
    assert_eq!(run(OLD, OLD, &[]), (0, String::new(), "0 breaking, 0 compatible\n".to_owned()));
}

#[test]
fn a_breaking_change_has_both_lines_a_witness_and_exit_code_1() {
    let (code, out, err) = run(OLD, &OLD.replace("a-z0-9", "a-z"), &[]);
    let expected = "\
breaking[pattern-narrowed]: the pattern of `team` no longer matches `0` (acme.connection_config.team.pattern)
  - old.yaml:7: team: {type: string, title: Team, description: D., pattern: '^[a-z0-9]+$'}
  + new.yaml:7: team: {type: string, title: Team, description: D., pattern: '^[a-z]+$'}
  affects `acme`, `heir`
";
    assert_eq!((code, out.as_str(), err.as_str()), (1, expected, "1 breaking, 0 compatible\n"));
}

#[test]
fn a_compatible_change_is_told_and_is_no_failure() {
    let (code, out, _) = run(OLD, &OLD.replace("a-z0-9", "a-z0-9-"), &["--format", "json"]);
    let change: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, 0);
    for (key, expected) in [
        ("kind", serde_json::json!("pattern-widened")),
        ("breaking", serde_json::json!(false)),
        ("provider", serde_json::json!("acme")),
        ("path", serde_json::json!("acme.connection_config.team.pattern")),
        ("affected", serde_json::json!(["acme", "heir"])),
    ] {
        assert_eq!(change[key], expected, "{key}");
    }
    assert_eq!((&change["old"]["line"], &change["new"]["file"]), (&7.into(), &"new.yaml".into()));
}

#[test]
fn what_cannot_be_read_is_said_and_fails() {
    let (code, _, err) = run(OLD, &OLD.replace("auth_mode: NONE", "auth_mode: NOON"), &[]);
    assert_eq!(code, 1);
    assert!(err.contains("2 entries of `new.yaml` could not be read whole, `acme` first"), "{err}");
    let (code, _, err) = run(OLD, OLD, &["more.yaml"]);
    assert_eq!(code, 2, "{err}");
}

#[test]
fn a_side_without_providers_is_no_base() {
    for (old, new, name) in [("", OLD, "old.yaml"), ("# nothing\n", OLD, "old.yaml"), (OLD, "{}\n", "new.yaml")] {
        let (code, out, err) = run(old, new, &[]);
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(&format!("`{name}` describes no provider, so there is nothing to compare with")), "{err}");
    }
    let (code, out, err) = with_input(&["diff", "-", "old.yaml"], "");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("`<stdin>` describes no provider"), "{err}");
    let (code, _, err) = with_input(&["diff", "-", "old.yaml"], OLD);
    assert_eq!((code, err.as_str()), (0, "0 breaking, 0 compatible\n"));
}

#[test]
fn standard_input_is_read_once() {
    for arguments in [
        &["diff", "-", "-"][..],
        &["diff", "-", "old.yaml", "--overlay", "-"],
        &["diff", "old.yaml", "old.yaml", "--old-overlay", "-", "--new-overlay", "-"],
        &["check", "-", "--overlay", "-"],
    ] {
        let (code, _, err) = with_input(arguments, OLD);
        assert_eq!(code, 2, "{arguments:?}");
        assert!(err.contains("`-` is given twice, and standard input can be read once"), "{arguments:?}: {err}");
    }
}

#[test]
fn overlays_are_laid_over_both_or_over_one() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("old.yaml", OLD);
    write("http.yaml", "acme: {proxy: {base_url: 'http://${connectionConfig.team}.acme.com'}}\n");
    write("none.yaml", "acmy: {display_name: A}\n");
    for (arguments, code, told) in [
        (&["--overlay", "http.yaml"][..], 0, "0 breaking, 0 compatible"),
        (&["--new-overlay", "http.yaml"], 1, "1 breaking, 0 compatible"),
        (&["--old-overlay", "http.yaml"], 1, "1 breaking, 0 compatible"),
        (&["--old-overlay", "http.yaml", "--new-overlay", "http.yaml"], 0, "0 breaking, 0 compatible"),
        (&["--overlay", "none.yaml"], 1, "`none.yaml`: "),
    ] {
        let all = [&["diff", "old.yaml", "old.yaml"], arguments].concat();
        let (got, _, err) = process::run(folder.path(), &all);
        assert_eq!(got, code, "{arguments:?}: {err}");
        assert!(err.contains(told), "{arguments:?}: {err}");
    }
    let (_, out, _) = process::run(folder.path(), &["diff", "old.yaml", "old.yaml", "--new-overlay", "http.yaml"]);
    assert!(out.contains("the scheme of `proxy.base_url` was `https` and is `http`"), "{out}");
    assert!(out.contains("  + http.yaml:1: acme: {proxy: "), "{out}");
}

#[test]
fn an_entry_that_can_no_longer_be_built_fails() {
    let (code, _, err) = run(OLD, &OLD.replace("${connectionConfig.team}", "${connectionConfig.nope}"), &[]);
    assert_eq!(code, 1);
    assert!(err.contains("2 entries of `new.yaml` could not be built any more, `acme` first"), "{err}");
    // One that never could be is no change.
    let broken = OLD.replace("${connectionConfig.team}", "${connectionConfig.nope}");
    assert_eq!(run(&broken, &broken, &[]).0, 0);
}

#[test]
fn the_book_lists_every_kind_under_what_it_does() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/src/guide/changes.md")).unwrap();
    let (breaking, rest) = page.split_once("## What does not").unwrap();
    let compatible = rest.split_once("## The state before").unwrap().0;
    for kind in keyway_compiler::diff::ChangeKind::ALL {
        let (there, elsewhere) = if kind.is_breaking() { (breaking, compatible) } else { (compatible, breaking) };
        let there = there.split_once("## What breaks").map_or(there, |(_, table)| table);
        let elsewhere = elsewhere.split_once("## What breaks").map_or(elsewhere, |(_, table)| table);
        let name = format!("`{}`", kind.name());
        assert!(there.contains(&name) && !elsewhere.contains(&name), "{name}");
    }
}

/// A command in a folder with `old.yaml`, with a text on standard input.
fn with_input(arguments: &[&str], input: &str) -> (i32, String, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("old.yaml"), OLD).unwrap();
    process::run_with_input(folder.path(), arguments, input)
}
