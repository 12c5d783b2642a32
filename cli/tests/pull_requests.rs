//! Pull requests against the catalogue: that two which add an entry do not stand in each other's way, and that the
//! workflow that looks at them says what this program does.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

mod process;
#[path = "../../tests/src/shared.rs"]
mod shared;

use process::run;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A git repository with everything that a new entry could change, as `CONTRIBUTING.md` has it made.
struct Fork(tempfile::TempDir);

impl Fork {
    /// `None`, which is said, where there is no git.
    fn new() -> Option<Fork> {
        if Command::new("git").arg("--version").output().is_err() {
            shared::skip("git is not installed");
            return None;
        }
        let fork = Fork(tempfile::tempdir().unwrap());
        for file in ["providers.yaml", ".gitignore"] {
            fs::copy(root().join(file), fork.path().join(file)).unwrap();
        }
        for folder in ["docs/src", "docs/schema", "generated/src", "generated/tests"] {
            copy(&root().join(folder), &fork.path().join(folder));
        }
        fork.git(&["init", "-q", "-b", "main"]);
        fork.commit("The catalogue");
        Some(fork)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs git; gives its exit code and its words.
    fn try_git(&self, arguments: &[&str]) -> (i32, String) {
        let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").current_dir(self.path()).args(identity).args(arguments).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8_lossy(&said).into_owned())
    }

    fn git(&self, arguments: &[&str]) -> String {
        let (code, said) = self.try_git(arguments);
        assert_eq!(code, 0, "git {arguments:?}: {said}");
        said
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// A branch from `main` that adds an entry, by the steps of `CONTRIBUTING.md`.
    fn add(&self, key: &str) {
        self.git(&["switch", "-q", "-c", key, "main"]);
        let (name, url) = (format!("--name={key}"), format!("--base-url=https://api.{key}.example"));
        let (docs, probe) = (format!("--docs=https://{key}.example/docs"), "--probe=/v1/me");
        let entry = ["new", key, &name, &url, &docs, probe, "--auth=api-key", "--header=x-api-key", "--category=crm"];
        for command in [&entry[..], &["build", "--modules", "--out", "generated/src"], &REFERENCE] {
            let (code, _, err) = run(self.path(), command);
            assert_eq!(code, 0, "keyway {command:?}: {err}");
        }
        self.commit(key);
    }
}

const REFERENCE: [&str; 7] = ["docs", "--out", "docs/src", "--part", "format", "--part", "rules"];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, target) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

#[test]
fn two_branches_that_each_add_an_entry_merge_without_a_hand() {
    let Some(fork) = Fork::new() else { return };
    for key in ["aardvark", "zebra"] {
        fork.add(key);
        let changed = fork.git(&["diff", "--name-only", "main", key]);
        assert_eq!(changed, format!("generated/src/{key}.rs\nproviders.yaml\n"));
    }
    fork.git(&["switch", "-q", "main"]);
    for key in ["aardvark", "zebra"] {
        fork.git(&["merge", "-q", "--no-edit", key]);
    }
    let (code, out, err) = run(fork.path(), &["build", "--modules", "--out", "generated/src", "--check"]);
    assert_eq!(code, 0, "{out}{err}");
    let (code, out, err) = run(fork.path(), &[&REFERENCE[..], &["--check"]].concat());
    assert_eq!(code, 0, "{out}{err}");
}

/// The one file that can conflict is the one that people write.
#[test]
fn two_entries_that_become_neighbours_conflict_in_no_generated_file() {
    let Some(fork) = Fork::new() else { return };
    for key in ["zebra", "zebu"] {
        fork.add(key);
    }
    fork.git(&["switch", "-q", "main"]);
    fork.git(&["merge", "-q", "--no-edit", "zebra"]);
    let (_, said) = fork.try_git(&["merge", "--no-edit", "zebu"]);
    let conflicts = fork.git(&["diff", "--name-only", "--diff-filter=U"]);
    assert!(["", "providers.yaml\n"].contains(&conflicts.as_str()), "{said}");
    assert!(fork.path().join("generated/src/zebu.rs").exists());
}

#[test]
fn the_workflow_runs_commands_that_there_are_and_that_hold() {
    let text = fs::read_to_string(root().join(".github/workflows/catalogue.yml")).unwrap();
    let workflow: serde_json::Value = serde_yaml::from_str(&text).unwrap();
    let steps = workflow["jobs"]["entries"]["steps"].as_array().unwrap();
    let runs: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
    let mut held = 0;
    for command in runs.iter().filter_map(|run| run.strip_prefix("keyway ")) {
        let (command, file) = command.split_once(" > ").unwrap_or((command, ""));
        let (code, out, err) = run(&root(), &command.split(' ').collect::<Vec<_>>());
        assert_eq!(code, 0, "keyway {command}: {out}{err}");
        if command.ends_with("--format sarif") {
            let sarif: serde_json::Value = serde_json::from_str(&out).unwrap();
            assert_eq!(sarif["version"], "2.1.0");
            let upload =
                steps.iter().find(|step| step["uses"].as_str().is_some_and(|uses| uses.contains("upload-sarif")));
            assert_eq!(upload.unwrap()["with"]["sarif_file"], file);
        }
        held += 1;
    }
    assert_eq!(held, 4, "{runs:?}");
    let piped = runs.iter().find_map(|run| run.split_once(" | keyway ")).unwrap().1;
    let (command, rest) = piped.split_once(" || ").unwrap();
    assert_eq!(rest, "[ $? -eq 1 ]", "only breaking changes are let pass");
    let command = command.replace(" - ", " providers.yaml ");
    let (code, out, err) = run(&root(), &command.split(' ').collect::<Vec<_>>());
    assert_eq!(code, 0, "keyway {command}: {out}{err}");
}
