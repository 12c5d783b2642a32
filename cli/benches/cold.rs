//! Cold figures of the command line, each run in a process of its own: `cargo bench -p keyway-cli`.
//!
//! Prints a line per figure: the median of the runs, the best and the worst, and the peak memory. The catalogue is the
//! corpus where it is present, else this project's own. Nothing here asserts a time: budgets stand in
//! `docs/performance.md`.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

mod process;

use process::{catalogue, megabytes, run};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 11;

fn main() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the workspace");
    let catalogue = catalogue(workspace);
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-cold");
    let generated = scratch.join("src");
    std::fs::create_dir_all(&generated).expect("the target directory is writable");
    println!("catalogue: {} ({} runs each)", catalogue.file_name().unwrap_or_default().display(), RUNS);

    report("keyway check", || run(&["check".as_ref(), catalogue.as_os_str()]));
    report("keyway build, everything new", || {
        std::fs::remove_dir_all(&generated).ok();
        run(&build(&catalogue, &generated))
    });
    report("keyway build, nothing changed", || run(&build(&catalogue, &generated)));
    cargo_figures(workspace, &scratch);
}

fn build<'a>(catalogue: &'a Path, out: &'a Path) -> [&'a std::ffi::OsStr; 5] {
    ["build".as_ref(), catalogue.as_os_str(), "--out".as_ref(), out.as_os_str(), "--keep-going".as_ref()]
}

/// `cargo check` and `cargo build --release` of the generated modules as a crate, its dependencies built before.
fn cargo_figures(workspace: &Path, scratch: &Path) {
    let manifest = format!(
        "[package]\nname = \"bench-generated\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         keyway = {{ package = \"keyway-provider\", path = \"{}\" }}\n\n[workspace]\n",
        workspace.join("runtime/provider").display()
    );
    std::fs::write(scratch.join("Cargo.toml"), manifest).expect("the target directory is writable");
    for (name, command) in [("cargo check of it", "check"), ("cargo build --release of it", "build")] {
        let mut times = Vec::new();
        for run in 0..4 {
            let root = scratch.join("src/lib.rs");
            let text = std::fs::read_to_string(&root).unwrap_or_default();
            std::fs::write(&root, &text).expect("the target directory is writable");
            let mut cargo = Command::new(env!("CARGO"));
            cargo.arg(command).current_dir(scratch).env("CARGO_INCREMENTAL", "0").stderr(Stdio::null());
            if command == "build" {
                cargo.arg("--release");
            }
            let start = Instant::now();
            let status = cargo.status().expect("cargo runs");
            assert!(status.success(), "the generated crate does not compile");
            if run > 0 {
                times.push((start.elapsed(), 0));
            }
        }
        print(name, times);
    }
}

fn report(name: &str, mut once: impl FnMut() -> (Duration, u64)) {
    once();
    print(name, (0..RUNS).map(|_| once()).collect());
}

fn print(name: &str, mut times: Vec<(Duration, u64)>) {
    times.sort();
    let peak = times.iter().map(|(_, kilobytes)| *kilobytes).max().unwrap_or(0);
    let (median, best, worst) = (times[times.len() / 2].0, times[0].0, times[times.len() - 1].0);
    let memory = if peak > 0 { format!(", peak {:.1} MB", megabytes(peak)) } else { String::new() };
    println!("{name}: median {median:.1?} (best {best:.1?}, worst {worst:.1?}{memory})");
}
