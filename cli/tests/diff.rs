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
