//! Many programs in one package: one module per state of the catalogue, with the generated code and the consumer.
//!
//! rustc stops after the first phase with an error (a name that is not found hides a type that does not fit), so those
//! that failed are taken out and the rest is compiled again until all of it compiles. Then it is run.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const CONSUMER: &str = include_str!("consumer.rs");
/// rustc has fewer phases than that.
const MAX_ROUNDS: usize = 8;

/// The package.
pub(super) struct Programs {
    folder: PathBuf,
    modules: Vec<String>,
}

/// What became of them.
pub(super) struct Outcome {
    /// What each that compiles says, by module.
    pub(super) said: BTreeMap<String, BTreeMap<String, String>>,
    /// The errors of each that does not.
    pub(super) errors: BTreeMap<String, Vec<String>>,
}

impl Programs {
    /// An empty package, always in the same folder: Cargo tells packages apart by where they are, and would keep one
    /// more program after each run.
    pub(super) fn new() -> Programs {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("diff-users");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        let runtime = root().join("runtime/provider");
        let manifest = format!(
            "[package]\nname = \"diff-users\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n[workspace]\n\n\
             [dependencies]\nkeyway = {{ package = \"keyway-provider\", path = {:?} }}\n",
            runtime.display().to_string()
        );
        std::fs::create_dir_all(folder.join("src")).unwrap();
        std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
        // Its versions are ours, so that it builds from the same downloaded packages.
        std::fs::write(folder.join("Cargo.lock"), std::fs::read(root().join("Cargo.lock")).unwrap()).unwrap();
        Programs { folder, modules: Vec::new() }
    }

    /// One more program, with generated code.
    pub(super) fn add(&mut self, module: &str, generated: &str) {
        let folder = self.folder.join("src").join(module);
        std::fs::create_dir(&folder).unwrap();
        let generated = format!("use ::keyway::__codegen as __keyway;\n{generated}");
        let files =
            [("mod.rs", "pub mod apis;\npub mod consumer;\n"), ("apis.rs", &generated), ("consumer.rs", CONSUMER)];
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        self.modules.push(module.to_owned());
    }

    /// Compiles and runs them.
    pub(super) fn run(&self) -> Outcome {
        let mut errors: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for _ in 0..MAX_ROUNDS {
            self.write_main(|module| !errors.contains_key(module));
            let output = self.cargo(&["build", "--quiet", "--message-format=json"]);
            let found = failed(&output);
            if output.status.success() {
                return Outcome { said: said(&self.cargo(&["run", "--quiet"])), errors };
            }
            assert!(!found.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
            errors.extend(found);
        }
        panic!("the programs do not settle: {errors:#?}");
    }

    fn write_main(&self, is_in: impl Fn(&str) -> bool) {
        let mut text = String::from("#![allow(warnings)]\n");
        let modules = || self.modules.iter().filter(|module| is_in(module));
        for module in modules() {
            let _ = writeln!(text, "mod {module};");
        }
        text.push_str("fn main() {\n");
        for module in modules() {
            let _ = writeln!(
                text,
                "    for (name, value) in {module}::consumer::run() {{ println!(\"{module}\\t{{name}}\\t{{value}}\"); }}"
            );
        }
        text.push_str("}\n");
        std::fs::write(self.folder.join("src/main.rs"), text).unwrap();
    }

    fn cargo(&self, arguments: &[&str]) -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(arguments)
            .args(["--offline", "--target-dir"])
            .arg(concat!(env!("CARGO_TARGET_TMPDIR"), "/consumers"));
        cargo.current_dir(&self.folder).env_remove("CARGO_TARGET_DIR").env("CARGO_INCREMENTAL", "0").output().unwrap()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// The errors by the module whose file they are in.
fn failed(output: &Output) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let message = &message["message"];
        if message["level"] != "error" {
            continue;
        }
        let spans = message["spans"].as_array().unwrap();
        let Some(span) = spans.iter().find(|span| span["is_primary"] == true) else { continue };
        let file = Path::new(span["file_name"].as_str().unwrap());
        let module = file.components().nth(1).unwrap().as_os_str().to_str().unwrap().to_owned();
        assert_eq!(file.file_name().unwrap(), "consumer.rs", "generated code always compiles: {message:#}");
        found.entry(module).or_default().push(message["message"].as_str().unwrap().to_owned());
    }
    found
}

fn said(output: &Output) -> BTreeMap<String, BTreeMap<String, String>> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut said: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let mut parts = line.splitn(3, '\t').map(str::to_owned);
        let (module, name, value) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        said.entry(module).or_default().insert(name, value);
    }
    said
}
