//! `cargo run -p keyway-server --example openapi`: the files that `/openapi.json` and `/docs` answer, written again
//! after a change of the HTTP interface.

fn main() -> std::io::Result<()> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/openapi/written");
    for file in keyway_server::api_files() {
        std::fs::write(folder.join(file.name), file.compressed()?)?;
    }
    Ok(())
}
