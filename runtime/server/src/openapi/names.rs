//! The grammar of the names that callers choose, as a schema: `keyway_core::names` in the words of JSON Schema.

use schemars::Schema;
use serde_json::json;

/// Adds the grammar to the schema of a text.
pub(super) fn name(schema: &mut Schema) {
    schema.remove("default");
    schema.insert("minLength".to_owned(), json!(1));
    // The limit is 1024 bytes; a schema counts characters.
    schema.insert("maxLength".to_owned(), json!(1024));
    let outer = r"[^\s\u0000-\u001f\u007f-\u009f]";
    let inner = r"[^\u0000-\u001f\u007f-\u009f]";
    schema.insert("pattern".to_owned(), json!(format!("^{outer}({inner}*{outer})?$")));
    schema.insert("not".to_owned(), json!({"enum": [".", "..", "metadata", "quickstart", "sessions"]}));
}
