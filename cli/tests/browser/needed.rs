//! Programs and packages that these tests stand on.

use std::path::{Path, PathBuf};

/// The folder of the packages; `None` where a test has to be skipped, which is said.
pub(crate) fn packages() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../peers/node");
    let mut lacking = Vec::new();
    for program in ["chromedriver", "chromium", "node"] {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        if !std::env::split_paths(&paths).any(|folder| folder.join(program).is_file()) {
            lacking.push(format!("`{program}` is not installed"));
        }
    }
    if !folder.join("node_modules/axe-core/axe.min.js").is_file() {
        lacking.push("axe-core is not installed; `tests/peers/install` does it".to_owned());
    }
    if lacking.is_empty() {
        return Some(folder);
    }
    let required = std::env::var("KEYWAY_PEERS").is_ok_and(|value| value == "required");
    assert!(!required, "{}", lacking.join(", "));
    keyway_tests::skip(&lacking.join(", "));
    None
}
