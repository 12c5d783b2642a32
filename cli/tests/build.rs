//! `keyway build` as a process: what it writes, what it leaves alone, what `--check` says.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

const ACME: &str = "\
acme:
  display_name: Acme
  docs: https://acme.example/docs
  categories: [other]
  auth_mode: NONE
  proxy:
    base_url: https://api.acme.example
";

/// The file that a build leaves for the next one.
const STAMP: &str = ".keyway-stamp";

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
    names.retain(|name| name != STAMP);
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

fn write_to(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn append(path: &Path, text: &str) {
    std::fs::write(path, read(path) + text).unwrap();
}

/// True if a build believes the stamp: else it leaves another one.
fn believes_the_stamp(folder: &Path, arguments: &[&str]) -> bool {
    let path = folder.join("out").join(STAMP);
    let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(past).unwrap();
    build(folder, arguments);
    std::fs::metadata(&path).is_ok_and(|file| file.modified().unwrap() == past)
}

#[test]
fn a_stamp_is_believed_only_where_everything_is_as_it_was() {
    type Change = fn(&Path);
    let cases: [(&str, Change, &[&str], bool); 12] = [
        ("nothing", |_| {}, &[], true),
        ("a file of a person", |folder| write_to(folder, "out/mine.rs", "// mine"), &[], true),
        ("the input's time", |folder| write(folder, ACME), &[], true),
        ("the input", |folder| write(folder, &format!("{ACME}# later\n")), &[], false),
        ("an option", |_| {}, &["--keep-going"], false),
        (
            "an overlay",
            |folder| write_to(folder, "more.yaml", "acme: {display_name: A}"),
            &["--overlay", "more.yaml"],
            false,
        ),
        ("the input's name", |folder| write_to(folder, "other.yaml", ACME), &["other.yaml"], false),
        ("a generated file", |folder| append(&folder.join("out/acme.rs"), "\n"), &[], false),
        ("a missing one", |folder| std::fs::remove_file(folder.join("out/acme.rs")).unwrap(), &[], false),
        ("another one", |folder| write_to(folder, "out/beta.rs", &read(&folder.join("out/acme.rs"))), &[], false),
        ("the stamp", |folder| append(&folder.join("out").join(STAMP), "error: no"), &[], false),
        ("an empty stamp", |folder| write_to(folder, "out/.keyway-stamp", ""), &[], false),
    ];
    for (what, change, arguments, expected) in cases {
        let folder = folder(ACME);
        build(folder.path(), &[]);
        change(folder.path());
        assert_eq!(believes_the_stamp(folder.path(), arguments), expected, "{what}");
        // Believed or not, the folder is what a build without a stamp makes of it.
        let (_, _, err) = build(folder.path(), &[&["--check"][..], arguments].concat());
        assert_eq!(err, "`out` is up to date\n", "{what}");
    }
}

#[test]
fn another_program_does_not_believe_a_stamp() {
    let folder = folder(ACME);
    build(folder.path(), &[]);
    let stamp = read(&folder.path().join("out").join(STAMP));
    let other = folder.path().join(format!("other{}", std::env::consts::EXE_SUFFIX));
    std::fs::copy(env!("CARGO_BIN_EXE_keyway"), &other).unwrap();
    let status = Command::new(other).current_dir(folder.path()).args(["build", "--out", "out"]).status().unwrap();
    assert!(status.success());
    assert_ne!(read(&folder.path().join("out").join(STAMP)), stamp);
}

#[test]
fn a_stamp_says_the_errors_again() {
    let folder = folder(&format!("{ACME}bad:\n  display_name: 3\n"));
    let first = build(folder.path(), &["--keep-going"]);
    let second = build(folder.path(), &["--keep-going"]);
    let said = |text: &str| text.split_once("1 provider: ").unwrap().0.to_owned();
    assert!(first.2.contains("providers.yaml:9"), "{}", first.2);
    assert_eq!((second.0, said(&second.2)), (1, said(&first.2)));
    assert!(second.2.contains("0 files written, 0 removed, 2 unchanged"), "{}", second.2);
}

#[test]
fn a_build_works_where_no_stamp_can_be_left() {
    let folder = folder(ACME);
    std::fs::create_dir_all(folder.path().join("out").join(STAMP)).unwrap();
    for written in ["2 files written", "0 files written"] {
        let (code, _, err) = build(folder.path(), &[]);
        assert!(code == 0 && err.contains(written), "{err}");
    }
}

#[test]
fn a_file_that_has_the_name_of_the_stamp_is_kept() {
    let folder = folder(ACME);
    std::fs::create_dir(folder.path().join("out")).unwrap();
    write_to(folder.path(), "out/.keyway-stamp", "a person's notes");
    let (code, _, err) = build(folder.path(), &[]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(read(&folder.path().join("out").join(STAMP)), "a person's notes");
}

/// A checkout under `core.autocrlf` has other ends of lines.
#[test]
fn a_checkout_with_other_ends_of_lines_is_up_to_date() {
    let folder = folder(ACME);
    build(folder.path(), &[]);
    let carriage_returns = || {
        for name in files(folder.path()) {
            let path = folder.path().join("out").join(name);
            std::fs::write(&path, read(&path).replace('\n', "\r\n")).unwrap();
        }
    };
    carriage_returns();
    assert_eq!(build(folder.path(), &["--check"]), (0, String::new(), "`out` is up to date\n".to_owned()));
    for _ in 0..2 {
        let (_, _, err) = build(folder.path(), &[]);
        assert!(err.starts_with("1 provider: 0 files written, 0 removed, 2 unchanged in "), "{err}");
    }
    assert!(read(&folder.path().join("out/acme.rs")).contains("\r\n"), "nothing was written anew");
    assert!(believes_the_stamp(folder.path(), &[]));

    write(folder.path(), &ACME.replace("Acme", "Acme Inc."));
    let (code, out, _) = build(folder.path(), &["--check"]);
    assert_eq!(code, 1);
    assert!(out.starts_with("--- out/acme.rs:2\n-//! Acme: ") && !out.contains("\\u{d}"), "{out}");
}

#[test]
fn several_builds_at_once_into_a_new_folder_all_succeed() {
    for _ in 0..3 {
        let folder = folder(&format!("{ACME}beta: {{alias: acme, display_name: Beta}}\n"));
        let builds: Vec<_> = (0..8)
            .map(|_| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
                command.current_dir(folder.path()).args(["build", "--out", "out/deep"]);
                command.stderr(std::process::Stdio::piped()).spawn().unwrap()
            })
            .collect();
        for build in builds {
            let output = build.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        let mut names: Vec<_> = std::fs::read_dir(folder.path().join("out/deep"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, [STAMP, "acme.rs", "beta.rs", "lib.rs"]);
    }
}

#[test]
fn docs_takes_a_table_of_contents_as_the_checkout_has_it() {
    let folder = folder(ACME);
    let docs = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyway"));
        let output =
            command.current_dir(folder.path()).args(["docs", "--out", "out"]).args(arguments).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    docs(&[]);
    let path = folder.path().join("out/SUMMARY.md");
    let other = read(&path).replace('\n', "\r\n");
    std::fs::write(&path, &other).unwrap();
    assert_eq!(docs(&["--check"]), (0, "`out` is up to date\n".to_owned()));
    std::fs::write(&path, other.replace("[Acme]", "[Old]")).unwrap();
    docs(&[]);
    assert_eq!(read(&path), other);
}
