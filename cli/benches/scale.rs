//! How the cost of a check grows with the file: `cargo bench -p keyway-cli --bench scale`.
//!
//! The entries of the corpus again and again, each time under other keys, up to 1,000, 10,000 and 100,000 of them;
//! heirs build on the entries of their copy. Prints time and peak memory of a run, and both for each entry: where the
//! cost is linear these stay the same. Nothing here asserts a time: budgets stand in `docs/performance.md`.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

mod process;

use process::{catalogue, megabytes, run};
use std::path::Path;

const RUNS: usize = 5;
const ENTRIES: [usize; 3] = [1_000, 10_000, 100_000];

fn main() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package is in the workspace");
    let text = std::fs::read_to_string(catalogue(workspace)).expect("the catalogue can be read");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bench-scale.yaml");
    for entries in ENTRIES {
        std::fs::write(&file, repeated(&text, entries)).expect("the target directory is writable");
        let mut runs: Vec<_> = (0..RUNS).map(|_| run(&["check".as_ref(), file.as_os_str()])).collect();
        runs.sort();
        let (time, peak) = (runs[RUNS / 2].0, runs.iter().map(|(_, peak)| *peak).max().unwrap_or(0));
        let each = time / u32::try_from(entries).unwrap_or(u32::MAX);
        let (best, worst) = (runs[0].0, runs[RUNS - 1].0);
        println!(
            "{entries} entries: median {time:.1?} (best {best:.1?}, worst {worst:.1?}), {:.1} MB",
            megabytes(peak)
        );
        println!("    of it each {each:.1?}, {} KiB", peak / u64::try_from(entries).unwrap_or(1));
    }
    std::fs::remove_file(&file).ok();
}

/// The first entries of the repeated catalogue.
fn repeated(text: &str, entries: usize) -> String {
    let (mut all, mut left) = (String::new(), entries);
    for copy in 0.. {
        for line in text.lines().map(str::trim_end) {
            let key = line.strip_suffix(':').filter(|key| key.starts_with(|c: char| c.is_ascii_alphanumeric()));
            match key {
                Some(_) if left == 0 => return all,
                Some(key) => {
                    left -= 1;
                    all.extend([key, "-", &copy.to_string(), ":"]);
                }
                None if line.starts_with("    alias: ") => all.extend([line, "-", &copy.to_string()]),
                None => all.push_str(line),
            }
            all.push('\n');
        }
    }
    all
}
