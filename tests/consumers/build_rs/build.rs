//! Compiles two catalogues; the path of the first has a space.

fn main() -> Result<(), keyway_compiler::build::Failed> {
    keyway_compiler::build::providers("my apis/providers.yaml")
        .only(["acme", "acme-eu"])
        .endpoints(["items.*"])
        .compile()?;
    keyway_compiler::build::providers("my apis/internal.yaml").named("internal").compile()
}
