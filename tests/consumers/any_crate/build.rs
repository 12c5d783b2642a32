//! Compiles the catalogue of this project, and one with an entry for every auth mode.

fn main() -> Result<(), keyway_compiler::build::Failed> {
    keyway_compiler::build::providers("../../../providers.yaml").compile()?;
    keyway_compiler::build::providers("../../../compiler/tests/fixtures/modes.yaml").named("modes").compile()
}
