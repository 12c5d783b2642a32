//! Generated code holds the lowered spec, for every entry of the corpus: the code is compiled and run.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests, which clippy does not take for tests")]

#[path = "../../tests/src/shared.rs"]
mod shared;

use keyway_compiler::pipeline::{Input, compile};
use keyway_compiler::source::Sources;
use keyway_compiler::{emit, output};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

#[test]
fn every_generated_static_prints_like_the_lowered_value() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let Some(text) = shared::shared_text("corpus/nango-providers.yaml") else { return };
    let mut sources = Sources::default();
    let file = sources.add("providers.yaml", text);
    let quirks = std::fs::read_to_string(root.join("tests/quirks.yaml")).unwrap();
    let overlays = vec![sources.add("quirks.yaml", quirks)];
    let (_, mut specs) = compile(&sources, Input { catalogue: file, overlays }, &[]);
    assert!(specs.iter().filter(|spec| spec.quirks.is_some()).count() > 30);
    specs.sort_by_key(|spec| spec.key);
    assert!(specs.len() > 970, "{}", specs.len());

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("equality");
    write_crate(&folder, &root, &emit::single_file(&specs));
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--target-dir"])
        .arg(folder.join("target"))
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let printed = String::from_utf8(run.stdout).unwrap();
    let mut expected = String::new();
    for spec in &specs {
        writeln!(expected, "{spec:?}").unwrap();
    }
    for (generated, lowered) in printed.lines().zip(expected.lines()) {
        assert_eq!(generated, lowered);
    }
    assert_eq!(printed.lines().count(), specs.len());
}

/// A crate that includes the generated code under the strictest lints it promises to pass, and prints every spec.
fn write_crate(folder: &Path, root: &Path, file: &emit::File) {
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let runtime = root.canonicalize().unwrap().join("runtime/provider");
    let manifest = format!(
        "[package]\nname = \"equality\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         keyway = {{ package = \"keyway-provider\", path = {:?} }}\n",
        runtime.display().to_string()
    );
    let main = "//! Prints every spec.\n#![deny(warnings, missing_docs)]\n\
                /// The catalogue.\npub mod catalogue {\n    use keyway::__codegen as __keyway;\n    \
                include!(\"generated/providers.rs\");\n}\n\n\
                fn main() {\n    for spec in catalogue::PROVIDERS {\n        println!(\"{spec:?}\");\n    }\n}\n";
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::write(folder.join("src/main.rs"), main).unwrap();
    std::fs::write(folder.join("Cargo.lock"), std::fs::read(root.join("Cargo.lock")).unwrap()).unwrap();
    output::plan(&folder.join("src/generated"), std::slice::from_ref(file)).unwrap().apply().unwrap();
}
