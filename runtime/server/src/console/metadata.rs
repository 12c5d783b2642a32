//! The field in which an operator changes a connection's metadata: what it shows, and what is read of it.

use keyway::connection::Connection;
use serde_json::{Map, Value};

/// The field: JSON, and what is wrong with it.
pub(super) struct MetadataField {
    pub(super) text: String,
    pub(super) problem: Option<String>,
}

impl MetadataField {
    /// The stored metadata, to be read by people; empty where there is none.
    pub(super) fn of(connection: &Connection) -> MetadataField {
        let written = serde_json::to_string_pretty(&connection.metadata).ok();
        let text = written.filter(|_| !connection.metadata.is_empty()).unwrap_or_default();
        MetadataField { text, problem: None }
    }
}

/// The object that was entered; nothing at all clears the metadata. The error is a sentence that stands at the field.
pub(super) fn read(text: &str) -> Result<Map<String, Value>, String> {
    if text.is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(metadata)) => Ok(metadata),
        Ok(_) => Err("This must be an object: names and values between { and }.".to_owned()),
        Err(error) => {
            let (line, column) = (error.line(), error.column());
            Err(format!("This is not JSON: see line {line}, column {column}."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway::clock::Timestamp;
    use keyway::connection::ConnectionKey;
    use serde_json::json;

    #[test]
    fn what_is_shown_is_read_back_as_it_was() {
        for metadata in [json!({}), json!({"plan": "pro"}), json!({"a": [1, null, {"b": "</textarea>\n\"é"}]})] {
            let Value::Object(metadata) = metadata else { panic!("no object") };
            let connection = Connection::new(ConnectionKey::new("i", "c"), "acme", Timestamp::UNIX_EPOCH);
            let field = MetadataField::of(&connection.metadata(metadata.clone()));
            assert_eq!(read(&field.text), Ok(metadata));
        }
    }

    #[test]
    fn what_is_no_object_is_said_with_its_place() {
        for (text, problem) in [
            ("[]", "This must be an object: names and values between { and }."),
            ("null", "This must be an object: names and values between { and }."),
            ("{\n  \"a\": x\n}", "This is not JSON: see line 2, column 8."),
            ("{", "This is not JSON: see line 1, column 1."),
            (&"[".repeat(10_000), "This is not JSON: see line 1, column 128."),
        ] {
            assert_eq!(read(text), Err(problem.to_owned()), "{text}");
        }
    }
}
