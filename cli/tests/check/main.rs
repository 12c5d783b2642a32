//! `keyway check` as a process: exit codes, streams, formats.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod against;
mod fixing;
mod formats;
mod selection;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const GOOD: &str = "acme:\n  display_name: Acme\n  docs: https://acme.example/docs\n  auth_mode: NONE\n  \
                    proxy: {base_url: https://api.acme.example}\n";
const BAD: &str = "acme:\n  display_name: Acme\n  docs: https://acme.example/docs\n  auth_mode: NONE\n  docs: again\n  \
                   proxy: {base_url: https://api.acme.example}\n";

/// A folder with these files; removed when dropped.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn keyway(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
    command.current_dir(folder).args(arguments).env_remove("NO_COLOR").env_remove("TERM");
    command
}

/// Runs it; the exit code, standard output and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    finished(&keyway(folder, arguments).output().unwrap())
}

fn finished(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

fn with_input(folder: &Path, arguments: &[&str], input: &[u8]) -> (i32, String, String) {
    let mut command = keyway(folder, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    finished(&child.wait_with_output().unwrap())
}

#[test]
fn a_clean_file_is_silent_but_for_the_summary() {
    let folder = folder(&[("providers.yaml", GOOD)]);
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.starts_with("1 entry, 0 errors, 0 warnings in ") && err.ends_with(" ms\n"), "{err}");
}

#[test]
fn a_file_without_a_provider_is_not_taken_for_a_clean_one() {
    let folder = folder(&[("empty.yaml", ""), ("comment.yaml", "# nothing yet\n")]);
    for name in ["empty.yaml", "comment.yaml"] {
        let (code, _, err) = run(folder.path(), &["check", name]);
        assert_eq!(
            (code, err.as_str()),
            (2, &*format!("error: `{name}` describes no provider; is it the right file?\n"))
        );
    }
}

#[test]
fn a_file_of_another_kind_is_one_finding_and_exit_code_1() {
    let document = "openapi: 3.0.3\ninfo: {title: Acme}\nservers: [{url: 'https://api.acme.example'}]\npaths: {}\n";
    let folder = folder(&[("api.yaml", document), ("good.yaml", GOOD)]);
    let (code, out, err) = run(folder.path(), &["check", "api.yaml"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("error[KW0006]: this is an OpenAPI 3.0.3 document, not a file of providers\n"), "{out}");
    assert!(out.contains("help: describe the API in an entry of its own: "), "{out}");
    assert!(err.starts_with("0 entries, 1 error, 0 warnings in "), "{err}");
    // Another command says the same: nothing is read from it.
    let (code, _, err) = run(folder.path(), &["build", "api.yaml", "--out", "generated"]);
    assert_ne!(code, 0);
    assert!(err.contains("this is an OpenAPI 3.0.3 document"), "{err}");
    assert!(!folder.path().join("generated").exists());
}

#[test]
fn findings_come_as_text_with_their_place_and_exit_code_1() {
    let folder = folder(&[("my.yaml", BAD)]);
    let (code, out, err) = run(folder.path(), &["check", "my.yaml"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("error[KW0002]: the key `docs` is given twice in one map\n"), "{out}");
    assert!(out.contains("--> my.yaml:5:3"), "{out}");
    assert!(err.starts_with("1 entry, 1 error, 0 warnings in "), "{err}");
}

#[test]
fn json_is_one_object_per_line_and_nothing_else() {
    let folder = folder(&[("providers.yaml", &format!("{BAD}b: {{alias: c}}\n"))]);
    let (code, out, _) = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!(code, 1);
    let found: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let pointers: Vec<_> = found.iter().map(|found| found["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/acme/docs", "/b/alias"]);
    assert_eq!(found[0]["span"]["start"], serde_json::json!({"line": 5, "column": 3, "offset": 81}));
    for key in ["rule", "code", "severity", "message", "file", "provider", "path", "labels", "help", "fix"] {
        assert!(found.iter().all(|found| found.get(key).is_some()), "{key}");
    }
}

#[test]
fn standard_input_is_read_for_a_dash() {
    let folder = folder(&[]);
    let (code, out, _) = with_input(folder.path(), &["check", "-"], BAD.as_bytes());
    assert_eq!(code, 1);
    assert!(out.contains("--> <stdin>:5:3"), "{out}");
    assert_eq!(with_input(folder.path(), &["check", "-"], GOOD.as_bytes()).0, 0);
}

#[test]
fn one_provider_can_be_asked_for() {
    let folder = folder(&[("providers.yaml", &format!("{BAD}github:\n  auth_mode: NONE\n  alias: acme\n"))]);
    for (provider, code, said) in [
        ("acme", 1, "1 entry, 1 error"),
        ("github", 1, "2 entries, 1 error"),
        ("gihtub", 2, "error: the file has no provider `gihtub`; did you mean `github`?"),
    ] {
        let (found, _, err) = run(folder.path(), &["check", "--provider", provider]);
        assert_eq!(found, code, "{provider}: {err}");
        assert!(err.starts_with(said), "{provider}: {err}");
    }
}

#[test]
fn wrong_usage_is_exit_code_2_and_says_what_to_do() {
    let folder = folder(&[]);
    for (arguments, said) in [
        (&["check"][..], "error: there is no file `providers.yaml`; name one with `keyway check FILE`"),
        (&["check", "no/such.yaml"], "error: there is no file `no/such.yaml`"),
        (&["check", "."], "error: `.` is a directory"),
        (&["check", "--format", "xml"], "error: invalid value 'xml'"),
        (&["chekc"], "error: unrecognized subcommand 'chekc'"),
        (&[], "Check provider descriptions"),
    ] {
        let (code, out, err) = run(folder.path(), arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
        assert!(err.starts_with(said), "{arguments:?}: {err}");
    }
    let (code, _, err) = with_input(folder.path(), &["check", "-"], b"a: 1\nb: \xff\n");
    assert_eq!((code, err.as_str()), (2, "error: `<stdin>` is not UTF-8: see line 2; save it as UTF-8\n"));
}

#[test]
fn colours_are_absent_in_a_pipe_and_present_when_asked_for() {
    let folder = folder(&[("providers.yaml", BAD)]);
    for (arguments, no_color, colours) in [
        (&["check"][..], "", false),
        (&["check", "--color", "always"], "", true),
        (&["--color", "always", "check"], "1", true),
        (&["check", "--color", "never"], "", false),
    ] {
        let output = keyway(folder.path(), arguments).env("NO_COLOR", no_color).output().unwrap();
        let (_, out, _) = finished(&output);
        assert_eq!(out.contains('\u{1b}'), colours, "{arguments:?}");
    }
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    let many: String = (0..5_000).fold(String::new(), |text, at| text + &format!("p{at}: {{alias: none}}\n"));
    let folder = folder(&[("providers.yaml", &many)]);
    let mut child = keyway(folder.path(), &["check"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let (code, _, err) = finished(&child.wait_with_output().unwrap());
    assert_eq!(code, 1, "{err}");
    assert!(err.starts_with("5000 entries, 5000 errors"), "{err}");
}

#[test]
fn help_shows_examples() {
    let folder = folder(&[]);
    let (code, out, _) = run(folder.path(), &["check", "--help"]);
    assert_eq!(code, 0);
    assert!(out.contains("keyway check --deny-warnings") && out.contains("Exit codes: 0 clean"), "{out}");
}

#[test]
fn the_corpus_is_read_without_a_syntax_error() {
    let Some(shared) = keyway_tests::shared("") else { return };
    let (_, out, err) = run(&shared, &["check", "corpus/nango-providers.yaml", "--format", "json"]);
    assert!(err.starts_with("981 entries, "), "{err}");
    assert!(out.lines().all(|line| !line.contains("\"rule\":\"yaml-syntax\"")));
}
