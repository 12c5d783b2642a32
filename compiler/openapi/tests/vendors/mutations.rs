//! Documents that were damaged: an error or a text, never a panic.

use crate::documents::vendors;
use keyway_openapi::select::Selection;
use keyway_openapi::{Options, import};
use serde_json::Value;

/// A generator of numbers that is the same in each run (xorshift, 64 bits).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

#[test]
fn five_thousand_damaged_documents_do_not_panic() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    let mut made = 0;
    // Mostly the small ones: a round takes as long as a document is large.
    let rounds = [("surveymonkey", 2_300), ("elevenlabs", 2_300), ("spotify", 200), ("google-drive", 200)];
    for vendor in vendors() {
        let Some((_, rounds)) = rounds.iter().find(|(name, _)| *name == vendor.name) else { continue };
        let root: Value = serde_json::from_str(vendor.text()).unwrap();
        let nodes = count(&root);
        for round in 0..*rounds {
            let text = if round % 4 == 0 {
                cut(vendor.text(), &mut numbers)
            } else {
                let mut root = root.clone();
                for _ in 0..=round % 3 {
                    let mut at = numbers.below(nodes);
                    damage(&mut root, &mut at, &mut numbers);
                }
                root.to_string()
            };
            made += 1;
            let Ok(documents) = vendor.read_text(text) else { continue };
            let selection = Selection { paths: vec!["/*".to_owned()], ..Selection::default() };
            let mut options = Options::new(selection, "Damaged");
            options.depth = 4;
            let written = import(&documents, &vendor.entry, &options);
            assert!(written.is_ok() || written.is_err_and(|error| !error.is_empty()));
        }
    }
    assert!(made == 0 || made == 5_000, "{made}");
}

/// A text with a byte away, or its end.
fn cut(text: &str, numbers: &mut Numbers) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = numbers.below(bytes.len());
    if numbers.below(2) == 0 {
        bytes.truncate(at);
    } else {
        bytes[at] = b"{}[]\",:0nt\\"[numbers.below(11)];
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum::<usize>(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// Puts something else in the place of the value with this number.
fn damage(value: &mut Value, at: &mut usize, numbers: &mut Numbers) {
    if *at == 0 {
        *at = usize::MAX;
        *value = other(value, numbers);
        return;
    }
    *at -= 1;
    match value {
        Value::Array(items) => {
            for item in items {
                if *at == usize::MAX {
                    return;
                }
                damage(item, at, numbers);
            }
        }
        Value::Object(map) => {
            for (_, item) in map.iter_mut() {
                if *at == usize::MAX {
                    return;
                }
                damage(item, at, numbers);
            }
        }
        _ => {}
    }
}

fn other(value: &Value, numbers: &mut Numbers) -> Value {
    match numbers.below(10) {
        0 => Value::Null,
        1 => Value::Bool(true),
        2 => serde_json::json!(-1.5e300),
        3 => serde_json::json!("\u{0}\"\\\n*/ }{ \u{202e} r#type"),
        4 => serde_json::json!({"$ref": "#"}),
        5 => serde_json::json!({"$ref": "#/paths"}),
        6 => serde_json::json!({"allOf": [value, {"$ref": "#/components/schemas/Missing"}]}),
        7 => serde_json::json!([value, value]),
        8 => serde_json::json!({"oneOf": [value, {"type": "string"}, {"type": "object", "properties": {"": value}}]}),
        _ => serde_json::json!({"$ref": "../../../etc/passwd#/x"}),
    }
}
