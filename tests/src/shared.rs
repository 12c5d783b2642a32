//! Resources of tests outside of the project, and the message of a test that cannot run.
//!
//! `../shared` holds recordings and catalogues of others; `KEYWAY_SHARED` names another folder. A test that is skipped
//! says `skipped: NAME: REASON`; `.ci/run` counts these lines and fails if there is one. Test packages that cannot
//! depend on `keyway-tests` include this file by its path.
#![allow(dead_code, unreachable_pub, reason = "each test that includes this file uses a part of it")]

use std::io::Write;
use std::path::{Path, PathBuf};

/// A file or folder of `../shared`; `None`, which is said, where it is not there.
pub fn shared(file: &str) -> Option<PathBuf> {
    let beside = || {
        // Beside the workspace, however deep in it the package stands that includes this.
        let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(2).map(|folder| folder.join("shared"));
        above.into_iter().find(|folder| folder.is_dir()).unwrap_or_default()
    };
    let path = std::env::var_os("KEYWAY_SHARED").map_or_else(beside, PathBuf::from).join(file);
    if path.exists() {
        return Some(path);
    }
    skip(&format!("there is no `../shared/{file}`"));
    None
}

/// The text of a file of `../shared`.
///
/// # Panics
/// Where the file is there and cannot be read.
pub fn shared_text(file: &str) -> Option<String> {
    shared(file).map(|path| std::fs::read_to_string(path).unwrap_or_else(|error| panic!("`../shared/{file}`: {error}")))
}

/// Says that the running test, or a part of it, is skipped. The test harness shows nothing of a test that passes, so
/// this goes past it.
pub fn skip(reason: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(std::io::stdout(), "skipped: {test}: {reason}");
}
