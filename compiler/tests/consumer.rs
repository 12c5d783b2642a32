//! Packages of users' own build their providers, by a build script or by a macro, and their tests pass.

#![allow(clippy::unwrap_used, reason = "helpers of tests may unwrap")]

use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn a_package_with_a_build_script_compiles_its_own_providers() {
    passes("build_rs", 4);
}

#[test]
fn a_package_names_a_file_of_providers_in_a_macro_and_the_runtime_by_another_name() {
    passes("macro_file", 2);
}

#[test]
fn a_package_writes_its_providers_in_rust() {
    passes("macro_inline", 2);
}

#[test]
fn a_package_has_typed_endpoints_and_the_runtime_by_another_name() {
    passes("api_renamed", 1);
}

#[test]
fn a_package_uses_the_published_catalogue() {
    passes("generated_crate", 3);
}

#[test]
fn a_workspace_compiles_a_category_under_other_names_with_an_overlay() {
    passes("in_workspace", 2);
}

#[test]
fn no_name_of_a_provider_or_field_breaks_a_package() {
    passes("hostile_names", 3);
}

#[test]
fn a_package_may_deny_every_lint_and_have_no_prelude_and_write_macros_around_macros() {
    passes("any_crate", 2);
    let package = copied("any_crate", "any_crate", str::to_owned);
    let output = clippy_in(&package).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let library = package.join("src/lib.rs");
    let text = std::fs::read_to_string(&library).unwrap();
    std::fs::write(
        &library,
        format!("{text}\n/// Clippy says more than rustc.\npub const HALF_A_CIRCLE: f64 = 3.14;\n"),
    )
    .unwrap();
    let said = clippy_in(&package).output().unwrap();
    assert!(String::from_utf8_lossy(&said.stderr).contains("clippy::approx_constant"), "clippy did not look");
}

/// Other builds than Cargo's run rustc in a folder of theirs, with the variable set to a relative path or not set.
#[cfg(unix)]
#[test]
fn a_file_of_providers_is_found_without_cargos_variable() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    for (name, line) in [("absent", "unset CARGO_MANIFEST_DIR"), ("relative", "export CARGO_MANIFEST_DIR=.")] {
        let rustc = folder.path().join(name);
        std::fs::write(&rustc, format!("#!/bin/sh\n{line}\nexec \"$@\"\n")).unwrap();
        std::fs::set_permissions(&rustc, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut run = cargo("macro_file", TEST);
        succeeds(run.env("RUSTC_WORKSPACE_WRAPPER", rustc), 2);
    }
}

/// Not among the cases that `trybuild` compiles, because the message names the folder of the package.
#[test]
fn a_provider_that_the_file_does_not_have_is_named_with_the_file() {
    let package =
        copied("macro_file", "without_the_provider", |text| text.replace("only = [\"other\"]", "only = [\"othre\"]"));
    let run = cargo_in(&package, &["check", "--quiet"]).output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).replace('\\', "/");
    let file = package.join("acme.yaml").display().to_string().replace('\\', "/");
    assert!(said.contains(&format!("error: `{file}` has no provider `othre`; did you mean `other`?")), "{said}");
    assert!(said.contains("--> src/lib.rs:8:20"), "{said}");
}

#[test]
fn a_lint_about_a_whole_signature_is_shown_at_the_method() {
    const MANY: &str = r#"
/// Methods with as many arguments as clippy warns of.
#[kw::api(acme, crate = kw)]
pub trait Many {
    /// Ends in a type.
    #[get("/typed")]
    fn typed(&self, #[query] a: u8, #[query] b: u8, #[query] c: u8, #[query] d: u8, #[query] e: u8, #[query] f: u8, #[query] g: u8) -> u8;
    /// Ends in its arguments.
    #[post("/plain")]
    fn plain(&self, #[query] a: u8, #[query] b: u8, #[query] c: u8, #[query] d: u8, #[query] e: u8, #[query] f: u8, #[query] g: u8);
}
"#;
    let package = copied("api_renamed", "many_arguments", |text| {
        if text.contains("kw::providers!") { format!("{text}{MANY}") } else { text.to_owned() }
    });
    let run = clippy_in(&package).output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).replace('\\', "/");
    let source = std::fs::read_to_string(package.join("src/lib.rs")).unwrap();
    for method in ["fn typed(", "fn plain("] {
        let line = source.lines().position(|line| line.contains(method)).unwrap() + 1;
        let shown = format!("too many arguments (8/7)\n --> src/lib.rs:{line}:5");
        assert!(said.replace("   -->", " -->").replace("  -->", " -->").contains(&shown), "{method} {shown}\n{said}");
    }
}

const TEST: &[&str] = &["test", "--workspace", "--lib", "--quiet"];

#[track_caller]
fn passes(name: &str, tests: usize) {
    succeeds(&mut cargo(name, TEST), tests);
}

#[track_caller]
fn succeeds(run: &mut Command, tests: usize) {
    let run = run.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(run.status.success(), "{}{}", text(&run.stdout), text(&run.stderr));
    assert!(text(&run.stdout).contains(&format!("{tests} passed")), "{}", text(&run.stdout));
}

/// Cargo in the folder of a package.
fn cargo(name: &str, arguments: &[&str]) -> Command {
    cargo_in(&copied(name, name, str::to_owned), arguments)
}

/// Clippy in the folder of a package. `cargo clippy` would check all that it depends on once more; as the wrapper of
/// rustc it takes what the other tests built.
fn clippy_in(package: &Path) -> Command {
    let mut run = cargo_in(package, &["build", "--quiet"]);
    run.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    run
}

fn cargo_in(package: &Path, arguments: &[&str]) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).args(["--offline", "--target-dir"]).arg(scratch().join("consumers"));
    cargo.current_dir(package).env_remove("CARGO_TARGET_DIR");
    cargo
}

/// A copy of a package below the target directory, since the checkout may be read-only; paths that lead out of it
/// become absolute. Files that would be as they are stay, so that Cargo builds nothing again.
fn copied(name: &str, copy: &str, edit: impl Fn(&str) -> String) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap();
    let above = root.to_str().unwrap().replace('\\', "/");
    let (from, to) = (root.join("tests/consumers").join(name), scratch().join("packages").join(copy));
    let mut waiting = vec![PathBuf::new()];
    while let Some(folder) = waiting.pop() {
        std::fs::create_dir_all(to.join(&folder)).unwrap();
        for entry in std::fs::read_dir(from.join(&folder)).unwrap() {
            let name = entry.unwrap().file_name();
            let path = folder.join(&name);
            if name == "target" || name == "Cargo.lock" {
                continue; // of a build by hand
            }
            if from.join(&path).is_dir() {
                waiting.push(path);
                continue;
            }
            let text = std::fs::read_to_string(from.join(&path)).unwrap();
            let text = text.replace("\"../../../", &format!("\"{above}/"));
            write_if_changed(&to.join(&path), &edit(&text));
        }
    }
    // Its versions are ours, so that it builds from the same downloaded packages.
    write_if_changed(&to.join("Cargo.lock"), &std::fs::read_to_string(root.join("Cargo.lock")).unwrap());
    to
}

fn write_if_changed(path: &Path, text: &str) {
    if std::fs::read_to_string(path).ok().as_deref() != Some(text) {
        std::fs::write(path, text).unwrap();
    }
}

fn scratch() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}
