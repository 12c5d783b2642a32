//! What fuzzing keeps, replayed: the seeds, and every input that once broke a promise.
//!
//! The promises are the fuzz targets' own functions. `tests/fuzz/run.sh` looks for new inputs.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

#[allow(unreachable_pub, reason = "elsewhere this module is a library")]
#[path = "../fuzz/src/lib.rs"]
mod targets;

use keyway_tests::source::workspace_root;

/// Runs a target on what is kept for it; there are at least so many inputs.
#[track_caller]
fn replay(name: &str, least: usize, target: fn(&[u8])) {
    let mut inputs = 0;
    for kind in ["corpus", "finds"] {
        let folder = workspace_root().join("tests/fuzz").join(kind).join(name);
        for file in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = file.unwrap().path();
            println!("{}", path.display()); // Shown when the target panics.
            target(&std::fs::read(&path).unwrap());
            inputs += 1;
        }
    }
    assert!(inputs >= least, "{name}: {inputs} inputs");
}

#[test]
fn yaml() {
    replay("yaml", 3, targets::yaml);
}

#[test]
fn template() {
    replay("template", 60, targets::template);
}

#[test]
fn pipeline() {
    replay("pipeline", 3, targets::pipeline);
}

#[test]
fn fixer() {
    replay("fixer", 4, targets::fixer);
}

#[test]
fn edits() {
    replay("edits", 1, targets::edits);
}

#[test]
fn import() {
    replay("import", 3, targets::import);
}
