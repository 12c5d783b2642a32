//! Makes a catalogue of hostile names and compiles it; beside it one with an entry for every auth mode.

use std::fmt::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=names.txt");
    let mut catalogue = std::fs::read_to_string("base.yaml")?;
    let long = format!("a{}", "-very-long-key".repeat(40));
    for key in std::fs::read_to_string("names.txt")?.split_whitespace().chain([long.as_str()]) {
        writeln!(catalogue, "'{key}':\n  alias: base\n  display_name: A name\n  docs: https://names.example/docs")?;
        writeln!(catalogue, "  categories: [other]")?;
    }
    let path = std::path::Path::new(&std::env::var("OUT_DIR")?).join("names.yaml");
    std::fs::write(&path, catalogue)?;
    keyway_compiler::build::providers(path).compile()?;
    let modes = "../../../compiler/tests/fixtures/modes.yaml";
    Ok(keyway_compiler::build::providers(modes).named("modes").compile()?)
}
