//! The bounds of a connection's metadata.
//!
//! It is kept with the connection, in memory too, and read with it at every look: it is for a few facts about the
//! customer, not for documents.

use crate::error::{Error, ErrorKind, Result};
use serde_json::{Map, Value};

/// The most bytes of a connection's metadata, written as JSON without blanks.
pub const MAX_METADATA: usize = 64 * 1024;

/// The depth to which its values may be nested: what reads it back goes to 128.
const MAX_DEPTH: usize = 100;

/// Refuses metadata that is too large or too deep.
pub fn check(metadata: &Map<String, Value>) -> Result<()> {
    let reason = if is_too_deep(metadata) {
        format!("is nested more than {MAX_DEPTH} deep: make it flatter")
    } else if serde_json::to_vec(metadata).is_ok_and(|bytes| bytes.len() > MAX_METADATA) {
        format!("is larger than {MAX_METADATA} bytes: keep the rest with you, under the connection's id")
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidValue, format!("`metadata` {reason}")))
}

/// Without recursion, which is what this keeps from running out of stack.
fn is_too_deep(metadata: &Map<String, Value>) -> bool {
    let mut left: Vec<(usize, &Value)> = metadata.values().map(|value| (1, value)).collect();
    while let Some((depth, value)) = left.pop() {
        if depth >= MAX_DEPTH {
            return true;
        }
        match value {
            Value::Array(items) => left.extend(items.iter().map(|value| (depth + 1, value))),
            Value::Object(members) => left.extend(members.values().map(|value| (depth + 1, value))),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn nested(depth: usize) -> Map<String, Value> {
        let innermost = json!(1);
        let value = (1..depth).fold(innermost, |inner, _| json!([inner]));
        Map::from_iter([("a".to_owned(), value)])
    }

    fn long(bytes: usize) -> Map<String, Value> {
        Map::from_iter([("a".to_owned(), json!("x".repeat(bytes - r#"{"a":""}"#.len())))])
    }

    #[test]
    fn metadata_is_taken_up_to_its_bounds_and_not_beyond() {
        for (metadata, fault) in [
            (Map::new(), None),
            (nested(MAX_DEPTH - 1), None),
            (nested(MAX_DEPTH), Some("nested")),
            (nested(5 * MAX_DEPTH), Some("nested")),
            (long(MAX_METADATA), None),
            (long(MAX_METADATA + 1), Some("larger than 65536 bytes")),
        ] {
            match (check(&metadata), fault) {
                (Ok(()), None) => {}
                (Err(error), Some(fault)) => {
                    assert!(error.message().contains(fault), "{error}");
                    assert_eq!(error.kind(), ErrorKind::InvalidValue);
                }
                (outcome, fault) => panic!("{outcome:?} {fault:?}"),
            }
        }
    }
}
