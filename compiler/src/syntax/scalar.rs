//! The type of a plain scalar by the YAML 1.2 core schema (YAML 1.2.2 section 10.3.2).
//!
//! `yes`, `on` and `0777`-style surprises of YAML 1.1 do not exist here.

use super::node::Value;

/// The value of a plain scalar that is not text, or `None` if it is text.
pub(super) fn typed(plain: &str) -> Option<Value> {
    match plain {
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => number(plain),
    }
}

fn number(plain: &str) -> Option<Value> {
    let unsigned = plain.strip_prefix(['-', '+']).unwrap_or(plain);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    if let Some(digits) = plain.strip_prefix("0o") {
        return i64::from_str_radix(digits, 8).ok().filter(|_| plain_digits(digits)).map(Value::Integer);
    }
    if let Some(digits) = plain.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().filter(|_| plain_digits(digits)).map(Value::Integer);
    }
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        return plain.parse().map(Value::Integer).or_else(|_| plain.parse().map(Value::Float)).ok();
    }
    float(plain, unsigned)
}

fn plain_digits(digits: &str) -> bool {
    digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `[0-9]*.?[0-9]*([eE][-+]?[0-9]+)?` with at least one digit in front of the exponent.
fn float(plain: &str, unsigned: &str) -> Option<Value> {
    if matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return None; // Not a number that anything in the format could mean; text is the safer reading.
    }
    let shape = unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'));
    let mantissa = unsigned.split(['e', 'E']).next().unwrap_or("");
    let digit = mantissa.bytes().any(|byte| byte.is_ascii_digit());
    if shape && digit { plain.parse().ok().map(Value::Float) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_core_schema() {
        for (plain, expected) in [
            ("", Some(Value::Null)),
            ("~", Some(Value::Null)),
            ("true", Some(Value::Bool(true))),
            ("yes", None),
            ("no", None),
            ("on", None),
            ("12", Some(Value::Integer(12))),
            ("-3", Some(Value::Integer(-3))),
            ("0o17", Some(Value::Integer(15))),
            ("0x1F", Some(Value::Integer(31))),
            ("0777", Some(Value::Integer(777))),
            ("3.0", Some(Value::Float(3.0))),
            ("1e3", Some(Value::Float(1000.0))),
            ("1_000", None),
            ("2024-11-05", None),
            ("1.2.3", None),
            (".", None),
            ("-", None),
            ("0o-7", None),
            ("0x", None),
            ("e5", None),
        ] {
            assert_eq!(typed(plain), expected, "{plain:?}");
        }
    }
}
