//! The cost of typed clients in a user's build: `cargo bench -p keyway-cli --bench typed`.
//!
//! Packages in `target/tmp/bench-typed` are built by cargo, offline, with a shared target directory of their own; each
//! figure is the median of five. The catalogue is the corpus where it is present, else this project's own. Prints a
//! table with the budgets; asserts no time. The command line's own speed is measured in `cold`.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 5;

const ACME: &str = "acme: {display_name: Acme, docs: 'https://acme.example/docs', categories: [other], auth_mode: NONE, \
                    proxy: {base_url: 'https://api.acme.example'}}\n";

fn main() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the workspace");
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-typed");
    let bench = Bench { workspace: workspace.to_owned(), target: scratch.join("target"), scratch };
    let catalogue = catalogue(workspace);
    println!("catalogue: {}\n", catalogue.file_name().unwrap_or_default().display());
    println!("| what | budget | measured |\n|---|---|---|");
    bench.generated(&catalogue);
    bench.binary(&catalogue);
    bench.build_script(&catalogue);
    bench.compiler_alone();
}

fn catalogue(workspace: &Path) -> PathBuf {
    let shared = std::env::var_os("KEYWAY_SHARED").map_or_else(|| workspace.join("../shared"), PathBuf::from);
    let corpus = shared.join("corpus/nango-providers.yaml");
    if corpus.exists() { corpus } else { workspace.join("providers.yaml") }
}

/// Where packages are written and built.
struct Bench {
    workspace: PathBuf,
    scratch: PathBuf,
    target: PathBuf,
}

impl Bench {
    /// All modules as a crate: checked, built, weighed; an entry touched.
    fn generated(&self, catalogue: &Path) {
        let package = self.package("all", &self.runtime(), "");
        let out = package.join("src");
        generate(catalogue, &out);
        let root = out.join("lib.rs");
        let again = |arguments: &[&str]| {
            self.cargo(&package, arguments);
            median(|| {
                touch(&root);
                self.cargo(&package, arguments)
            })
        };
        row("`cargo check` of all generated modules", "3 s", &seconds(again(&["check"])));
        row("`cargo build --release` of them", "4 s", &seconds(again(&["build", "--release"])));
        let rlib = self.target.join("release/liball.rlib");
        row("their rlib", "14 MB", &format!("{:.1} MB", size(&rlib) / 1e6));

        let text = fs::read_to_string(catalogue).expect("the catalogue can be read");
        let edited = self.scratch.join("edited.yaml");
        fs::write(&edited, text.replacen("display_name: ", "display_name: An ", 1)).expect("the scratch is writable");
        let files = |folder: &Path| -> Vec<(PathBuf, String)> {
            let list = fs::read_dir(folder).expect("the folder can be read").filter_map(Result::ok);
            list.map(|file| (file.path(), fs::read_to_string(file.path()).unwrap_or_default())).collect()
        };
        let before = files(&out);
        generate(&edited, &out);
        let is_module = |path: &Path| path.extension().is_some_and(|extension| extension == "rs"); // not the stamp
        let changed = files(&out).iter().filter(|file| is_module(&file.0) && !before.contains(file)).count();
        row("modules written when one entry changes", "1", &changed.to_string());
    }

    /// A program that uses one provider of all, against one that uses none.
    fn binary(&self, catalogue: &Path) {
        generate(catalogue, &self.scratch.join("all/src"));
        let first = fs::read_dir(self.scratch.join("all/src")).expect("the folder can be read");
        let mut modules: Vec<String> = first
            .filter_map(|file| Some(file.ok()?.path().file_stem()?.to_str()?.to_owned()))
            .filter(|name| name != "lib")
            .collect();
        modules.sort();
        let one = modules.iter().find(|name| *name == "github").or(modules.first()).cloned().unwrap_or_default();
        let dependencies = format!("{}all = {{ path = \"../all\" }}\n", self.runtime());
        let mut sizes = Vec::new();
        for (name, body) in [
            ("none", "fn main() { println!(\"{:?}\", std::env::args().count()); }".to_owned()),
            (
                "uses",
                format!(
                    "fn main() {{ println!(\"{{:?}}\", all::{one}::SPEC.key.len() + std::env::args().count()); std::hint::black_box(&all::{one}::SPEC); }}"
                ),
            ),
        ] {
            let package = self.package(name, &dependencies, "[profile.release]\nstrip = true\n");
            fs::remove_file(package.join("src/lib.rs")).ok();
            fs::write(package.join("src/main.rs"), body).expect("the scratch is writable");
            self.cargo(&package, &["build", "--release"]);
            sizes.push(size(&self.target.join("release").join(name)));
        }
        row(
            &format!("a binary that uses `{one}`, more than without"),
            "5 kB",
            &format!("{:.1} kB", (sizes[1] - sizes[0]) / 1e3),
        );
    }

    /// Ten providers through a build script, and nothing when nothing changed.
    fn build_script(&self, catalogue: &Path) {
        let text = fs::read_to_string(catalogue).expect("the catalogue can be read");
        let keys: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.strip_suffix(':'))
            .take(10)
            .collect();
        let dependencies = format!(
            "{}\n[build-dependencies]\nkeyway-compiler = {{ path = \"{}\" }}\n",
            self.runtime(),
            self.workspace.join("compiler").display()
        );
        let package = self.package("ten", &dependencies, "");
        fs::write(package.join("src/lib.rs"), "keyway::include_providers!();\n").expect("the scratch is writable");
        fs::copy(catalogue, package.join("providers.yaml")).expect("the scratch is writable");
        let script = format!(
            "fn main() -> Result<(), keyway_compiler::build::Failed> {{\n    \
             keyway_compiler::build::providers(\"providers.yaml\").only({keys:?}).compile()\n}}\n"
        );
        fs::write(package.join("build.rs"), script).expect("the scratch is writable");
        self.cargo(&package, &["check"]);
        let changed = median(|| {
            touch(&package.join("providers.yaml"));
            self.cargo(&package, &["check"])
        });
        row("ten providers through build.rs, after dependencies", "0.5 s", &seconds(changed));
        row("the same when nothing changed", "", &seconds(median(|| self.cargo(&package, &["check"]))));
    }

    /// The compiler as a build dependency, from nothing.
    fn compiler_alone(&self) {
        // Where a build script has it: such crates are compiled without debug information.
        let dependencies = format!(
            "[build-dependencies]\nkeyway-compiler = {{ path = \"{}\" }}\n",
            self.workspace.join("compiler").display()
        );
        let package = self.package("light", &dependencies, "");
        let script = "fn main() -> Result<(), keyway_compiler::build::Failed> {\n    \
                      keyway_compiler::build::providers(\"acme.yaml\").compile()\n}\n";
        for (file, text) in [("src/lib.rs", ""), ("acme.yaml", ACME), ("build.rs", script)] {
            fs::write(package.join(file), text).expect("the scratch is writable");
        }
        let cold = self.scratch.join("cold");
        let time = median(|| {
            fs::remove_dir_all(&cold).ok();
            cargo(&package, &["build"], &cold)
        });
        row("the compiler as a build dependency, light, cold", "12 s", &seconds(time));
        let tree = Command::new(env!("CARGO"))
            .args(["tree", "-p", "keyway-compiler", "-e", "normal,build", "--prefix", "none", "--offline"])
            .current_dir(&package)
            .output()
            .expect("cargo runs");
        let text = String::from_utf8_lossy(&tree.stdout).into_owned();
        let mut crates: Vec<&str> = text.lines().map(|line| line.split(' ').next().unwrap_or_default()).collect();
        crates.sort_unstable();
        crates.dedup();
        row("crates of it", "20", &crates.len().to_string());
    }

    /// A package with these dependencies, on this project's versions.
    fn package(&self, name: &str, dependencies: &str, rest: &str) -> PathBuf {
        let folder = self.scratch.join(name);
        fs::create_dir_all(folder.join("src")).expect("the target directory is writable");
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n{dependencies}\n{rest}\n[workspace]\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest).expect("the target directory is writable");
        fs::copy(self.workspace.join("Cargo.lock"), folder.join("Cargo.lock")).expect("there is a lock file");
        folder
    }

    fn runtime(&self) -> String {
        let path = self.workspace.join("runtime/provider");
        format!("[dependencies]\nkeyway = {{ package = \"keyway-provider\", path = \"{}\" }}\n", path.display())
    }

    fn cargo(&self, package: &Path, arguments: &[&str]) -> Duration {
        cargo(package, arguments, &self.target)
    }
}

fn generate(catalogue: &Path, out: &Path) {
    fs::create_dir_all(out).expect("the scratch is writable");
    // An entry with an error is left out; that is exit code 1.
    Command::new(env!("CARGO_BIN_EXE_keyway"))
        .arg("build")
        .arg(catalogue)
        .args(["--keep-going", "--out"])
        .arg(out)
        .stderr(Stdio::null())
        .status()
        .expect("the program starts");
}

fn cargo(package: &Path, arguments: &[&str], target: &Path) -> Duration {
    let start = Instant::now();
    let run = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--quiet", "--offline", "--target-dir"])
        .arg(target)
        .current_dir(package)
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("cargo runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    start.elapsed()
}

fn median(mut once: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS).map(|_| once()).collect();
    times.sort();
    times[RUNS / 2]
}

/// Makes a file new without changing it.
fn touch(path: &Path) {
    let text = fs::read(path).expect("the file can be read");
    fs::write(path, text).expect("the file can be written");
}

#[allow(clippy::cast_precision_loss, reason = "a figure for people")]
fn size(path: &Path) -> f64 {
    fs::metadata(path).expect("the file was built").len() as f64
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn row(what: &str, budget: &str, measured: &str) {
    println!("| {what} | {budget} | {measured} |");
}
