//! `keyway build` as a process: what it writes, what it leaves alone, what `--check` says.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use std::path::Path;
use std::process::Command;

const ACME: &str = "\
acme:
  display_name: Acme
  docs: https://acme.example/docs
  categories: [other]
  auth_mode: NONE
  proxy:
    base_url: https://api.acme.example
";

fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), text);
    folder
}

fn write(folder: &Path, text: &str) {
    std::fs::write(folder.join("providers.yaml"), text).unwrap();
}

/// Runs `keyway build --out out` with more arguments; the exit code, standard output and standard error.
fn build(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    let output = command.current_dir(folder).args(["build", "--out", "out"]).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder.join("out")) else { return Vec::new() };
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn files_are_written_once_and_stale_ones_removed() {
    let folder = folder(&format!("{ACME}beta: {{alias: acme, display_name: Beta}}\n"));
    let (code, out, err) = build(folder.path(), &[]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.starts_with("2 providers: 3 files written, 0 removed, 0 unchanged in "), "{err}");
    assert_eq!(files(folder.path()), ["acme.rs", "beta.rs", "lib.rs"]);

    let (_, _, err) = build(folder.path(), &[]);
    assert!(err.starts_with("2 providers: 0 files written, 0 removed, 3 unchanged in "), "{err}");

    write(folder.path(), ACME);
    let (_, _, err) = build(folder.path(), &[]);
    assert!(err.starts_with("1 provider: 1 file written, 1 removed, 1 unchanged in "), "{err}");
    assert_eq!(files(folder.path()), ["acme.rs", "lib.rs"]);
}

#[test]
fn check_writes_nothing_and_names_the_command() {
    let folder = folder(ACME);
    let (code, out, err) = build(folder.path(), &["--check"]);
    assert_eq!(code, 1);
    assert!(out.contains("acme.rs"), "{out}");
    assert_eq!(err, "`out` is not up to date: 2 files; run `keyway build providers.yaml --out out`\n");
    assert!(files(folder.path()).is_empty());

    build(folder.path(), &[]);
    assert_eq!(build(folder.path(), &["--check"]), (0, String::new(), "`out` is up to date\n".to_owned()));
}

#[test]
fn an_error_stops_the_build_unless_told_to_keep_going() {
    let folder = folder(&format!("{ACME}bad:\n  display_name: 3\n"));
    let (code, _, err) = build(folder.path(), &[]);
    assert_eq!(code, 1);
    assert!(err.contains("providers.yaml:9") && err.contains("nothing is built: "), "{err}");
    assert!(files(folder.path()).is_empty());

    let (code, _, err) = build(folder.path(), &["--keep-going"]);
    assert_eq!(code, 1);
    assert!(err.contains("1 provider: 2 files written"), "{err}");
    assert_eq!(files(folder.path()), ["acme.rs", "lib.rs"]);
}

#[test]
fn a_file_of_a_person_is_not_overwritten() {
    let folder = folder(ACME);
    std::fs::create_dir(folder.path().join("out")).unwrap();
    std::fs::write(folder.path().join("out/acme.rs"), "mine").unwrap();
    let (code, _, err) = build(folder.path(), &[]);
    assert_eq!(code, 2);
    assert!(err.starts_with("error: ") && err.contains("acme.rs"), "{err}");
    assert_eq!(std::fs::read_to_string(folder.path().join("out/acme.rs")).unwrap(), "mine");
}
