//! Packages of a user that the written files are compiled in: one with the real `keyway`, and one with a stub.
//!
//! The stub's `#[api]` takes its attributes off and leaves the trait, so that a package with thousands of types is
//! built, linked and run in little time where only the types matter. Its derives are the real ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Depends on the workspace, whose folder takes the place of `ROOT`, as it does in the stub.
const REAL_MANIFEST: &str = r#"
[workspace]
[package]
name = "consumer"
version = "0.0.0"
edition = "2024"
[dependencies]
keyway = { path = "ROOT/runtime", features = ["inline", "macros"] }
keyway-providers = { path = "ROOT/generated" }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"#;
const MANIFEST: &str = r#"
[workspace]
members = ["keyway", "macros"]
[package]
name = "consumer"
version = "0.0.0"
edition = "2024"
[dependencies]
keyway = { path = "keyway" }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"#;
const KEYWAY_MANIFEST: &str = r#"
[package]
name = "keyway"
version = "0.0.0"
edition = "2024"
[dependencies]
keyway-macros = { path = "ROOT/macros", features = ["api"] }
macros = { path = "../macros" }
serde = "1"
serde_json = "1"
"#;
const KEYWAY: &str = r#"
pub use keyway_macros::{Deserialize, Serialize};
pub use macros::api;
pub mod __codegen {
    #[path = "ROOT/runtime/src/derived/mod.rs"]
    pub mod derived;
}
pub struct Bytes;
pub struct Multipart;
#[derive(Clone, Debug, Default)]
pub struct Part;
impl serde::Serialize for Part {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}
pub struct Response;
"#;
const MACROS_MANIFEST: &str = r#"
[package]
name = "macros"
version = "0.0.0"
edition = "2024"
[lib]
proc-macro = true
"#;
/// Takes away every attribute but documentation, in the trait and in its methods' parentheses.
const MACROS: &str = r#"
use proc_macro::{Delimiter, Group, TokenStream, TokenTree};
#[proc_macro_attribute]
pub fn api(_: TokenStream, item: TokenStream) -> TokenStream {
    plain(item)
}
fn plain(tokens: TokenStream) -> TokenStream {
    let mut out = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (token, tokens.peek()) {
            (TokenTree::Punct(sign), Some(TokenTree::Group(group)))
                if sign.as_char() == '#' && group.delimiter() == Delimiter::Bracket =>
            {
                if group.to_string().starts_with("[doc ") || group.to_string().starts_with("[doc=") {
                    out.push(TokenTree::Punct(sign));
                } else {
                    tokens.next();
                }
            }
            (TokenTree::Group(group), _) if group.delimiter() != Delimiter::Bracket => {
                out.push(TokenTree::Group(Group::new(group.delimiter(), plain(group.stream()))));
            }
            (token, _) => out.push(token),
        }
    }
    out.into_iter().collect()
}
"#;

/// A package with these files in its `src`, and the real `keyway`.
pub(crate) fn real_package(name: &str, files: &[(String, String)]) -> PathBuf {
    written(name, &[("Cargo.toml", REAL_MANIFEST)], files)
}

/// A package with these files in its `src`, and the stub.
pub(crate) fn stub_package(name: &str, files: &[(String, String)]) -> PathBuf {
    let stub = [
        ("Cargo.toml", MANIFEST),
        ("keyway/Cargo.toml", KEYWAY_MANIFEST),
        ("keyway/src/lib.rs", KEYWAY),
        ("macros/Cargo.toml", MACROS_MANIFEST),
        ("macros/src/lib.rs", MACROS),
    ];
    written(name, &stub, files)
}

fn written(name: &str, package: &[(&str, &str)], files: &[(String, String)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let workspace = root().canonicalize().unwrap().to_str().unwrap().replace('\\', "/");
    let mut all: Vec<(String, String)> =
        package.iter().map(|(name, text)| ((*name).to_owned(), text.replace("ROOT", &workspace))).collect();
    all.extend(files.iter().map(|(name, text)| (format!("src/{name}"), text.clone())));
    let _ = fs::remove_dir_all(folder.join("src"));
    for (name, text) in all {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    // Its versions are ours, so that it builds from the same downloaded packages.
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    folder
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs cargo in a package; what it printed where it succeeds.
pub(crate) fn cargo(folder: &Path, command: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args([command, "--offline", "--quiet", "--target-dir"])
        .arg(concat!(env!("CARGO_TARGET_TMPDIR"), "/consumers"))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let start: String = errors.chars().take(6_000).collect();
    assert!(output.status.success(), "cargo {command} in {}:\n{start}", folder.display());
    String::from_utf8(output.stdout).unwrap()
}
