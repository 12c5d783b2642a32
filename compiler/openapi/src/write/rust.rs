//! Types as Rust says them.

use crate::method::Taken;
use crate::shape::{Item, Type};

/// An owned type.
pub(super) fn owned(is: &Type, items: &[Item]) -> String {
    match is {
        Type::Bool => "bool".to_owned(),
        Type::Integer => "i64".to_owned(),
        Type::Number => "f64".to_owned(),
        Type::Text => "String".to_owned(),
        Type::Any => "serde_json::Value".to_owned(),
        Type::Object => "serde_json::Map<String, serde_json::Value>".to_owned(),
        Type::List(of) => format!("Vec<{}>", owned(of, items)),
        Type::Map(of) => format!("std::collections::BTreeMap<String, {}>", owned(of, items)),
        Type::Optional(of) => format!("Option<{}>", owned(of, items)),
        Type::Part => "keyway::Part".to_owned(),
        Type::Named(item) => items[*item].name.clone(),
    }
}

/// An argument's type: borrowed, but for numbers and flags.
pub(super) fn taken(is: &Taken, items: &[Item]) -> String {
    match is {
        Taken::Literal(text) => (*text).to_owned(),
        Taken::Value(is) => borrowed(is, items),
    }
}

fn borrowed(is: &Type, items: &[Item]) -> String {
    match is {
        Type::Bool | Type::Integer | Type::Number => owned(is, items),
        Type::Text => "&str".to_owned(),
        Type::List(of) if **of == Type::Text => "&[&str]".to_owned(),
        Type::List(of) => format!("&[{}]", owned(of, items)),
        Type::Optional(of) => format!("Option<{}>", borrowed(of, items)),
        other => format!("&{}", owned(other, items)),
    }
}

/// A text as it may stand in a comment of one line.
pub(super) fn in_comment(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() || c == '`' { ' ' } else { c });
    plain.take(200).collect::<String>().trim().to_owned()
}
