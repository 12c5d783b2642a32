//! A package of a user that the written files are compiled in.
//!
//! `keyway` is a stub there: `#[api]` takes its attributes off and leaves the trait, so that the types in it are
//! checked, and not the attributes. Those are tested where `#[api]` is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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
macros = { path = "../macros" }
"#;
const KEYWAY: &str = "
pub use macros::api;
pub struct Bytes;
pub struct Multipart;
pub struct Response;
";
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

/// A package with these files in its `src`.
pub(crate) fn package(name: &str, files: &[(String, String)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut all: Vec<(String, String)> = [
        ("Cargo.toml", MANIFEST),
        ("keyway/Cargo.toml", KEYWAY_MANIFEST),
        ("keyway/src/lib.rs", KEYWAY),
        ("macros/Cargo.toml", MACROS_MANIFEST),
        ("macros/src/lib.rs", MACROS),
    ]
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .into();
    all.extend(files.iter().map(|(name, text)| (format!("src/{name}"), text.clone())));
    let _ = fs::remove_dir_all(folder.join("src"));
    for (name, text) in all {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).unwrap();
    folder
}

/// Runs cargo in a package; what it printed where it succeeds.
pub(crate) fn cargo(folder: &Path, command: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args([command, "--offline", "--quiet", "--target-dir"])
        .arg(concat!(env!("CARGO_TARGET_TMPDIR"), "/openapi-consumers"))
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
