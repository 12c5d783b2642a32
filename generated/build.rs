//! Lists the modules of this crate: `pub mod` for each file beside `src/lib.rs`, and `PROVIDERS`.
//!
//! The list is not checked in, so two changes that each add a provider have no file in common.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=src");
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("src");
    let list = list(&folder, &modules(&folder)?);
    fs::write(Path::new(&variable("OUT_DIR")?).join("catalogue.rs"), list)
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")))
}

/// The names of the modules, sorted by the keys of their providers.
fn modules(folder: &Path) -> io::Result<Vec<String>> {
    let mut modules = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).filter(|name| *name != "lib");
        if let Some(name) = name.filter(|_| path.extension().is_some_and(|extension| extension == "rs")) {
            modules.push(name.to_owned());
        }
    }
    // `1password-scim` is the module `_1password_scim`, and `box` is `box_`.
    modules.sort_by_key(|name| name.trim_matches('_').replace('_', "-"));
    Ok(modules)
}

fn list(folder: &Path, modules: &[String]) -> String {
    let mut text = String::new();
    for name in modules {
        let path = folder.join(format!("{name}.rs"));
        let _ = writeln!(text, "#[path = {:?}]\npub mod {name};", path.to_string_lossy());
    }
    text.push_str("\n/// Every provider, sorted by key.\n");
    text.push_str("pub static PROVIDERS: &[&__keyway::ProviderSpec] = &[\n");
    for name in modules {
        let _ = writeln!(text, "    &{name}::SPEC,");
    }
    text + "];\n"
}
