//! `keyway schema` as a process.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use std::process::Command;

#[test]
fn the_schema_is_json_and_the_same_in_every_run() {
    let run = || Command::new(env!("CARGO_BIN_EXE_keyway")).arg("schema").output().unwrap();
    let output = run();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty());
    let schema: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
    assert_eq!(run().stdout, output.stdout);
}

/// The first line of `providers.yaml` names this file.
#[test]
fn the_published_schema_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schema/providers.schema.json");
    let made = Command::new(env!("CARGO_BIN_EXE_keyway")).arg("schema").output().unwrap().stdout;
    assert!(
        std::fs::read(path).unwrap_or_default() == made,
        "the published schema is stale; run `cargo run -- schema > docs/schema/providers.schema.json`"
    );
}
