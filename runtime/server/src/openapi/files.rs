//! The files that the two routes answer: kept compressed, a tenth of the bytes in the program.

use super::document::document;
use super::page::routes;
use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};
use serde_json::Value;
use std::io::{self, Read};

/// The document.
pub(super) const DOCUMENT: &[u8] = include_bytes!("written/openapi.json.gz");

/// The routes, as the page shows them.
pub(super) const ROUTES: &[u8] = include_bytes!("written/routes.html.gz");

/// The text of one of the two. They are the program's own, and a test reads both: there is none that cannot be read.
pub(super) fn text(file: &[u8]) -> String {
    io::read_to_string(GzDecoder::new(file)).unwrap_or_default()
}

/// A file of `src/openapi/written`.
pub struct ApiFile {
    /// Its name there.
    pub name: &'static str,
    /// Its text.
    pub text: String,
}

impl ApiFile {
    /// As it is kept, in the format of gzip (RFC 1952).
    ///
    /// # Errors
    ///
    /// Where there is no memory for it.
    pub fn compressed(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        GzEncoder::new(self.text.as_bytes(), Compression::best()).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// The description of the HTTP interface, written from the table: the OpenAPI document, and the routes as a page shows
/// them. What a server answers is what these were when the program was made.
pub fn api_files() -> [ApiFile; 2] {
    let document = document();
    [
        ApiFile { name: "openapi.json.gz", text: in_lines(&document) },
        ApiFile { name: "routes.html.gz", text: routes(&document) },
    ]
}

/// The depth to which members stand on lines of their own: a method of a path, a schema.
const LINED_DEPTH: usize = 3;

/// A document in lines that can be compared.
fn in_lines(document: &Value) -> String {
    let mut text = String::new();
    write_lined(document, 0, &mut text);
    text.push('\n');
    text
}

fn write_lined(value: &Value, depth: usize, text: &mut String) {
    let Some(members) = value.as_object().filter(|members| depth < LINED_DEPTH && !members.is_empty()) else {
        return text.push_str(&value.to_string());
    };
    for (at, (name, member)) in members.iter().enumerate() {
        text.push_str(if at == 0 { "{\n" } else { ",\n" });
        text.push_str(&Value::from(name.as_str()).to_string());
        text.push(':');
        write_lined(member, depth + 1, text);
    }
    text.push_str("\n}");
}
