//! Types against the document's own example answers: where they contradict each other, the type gives way.
//!
//! A member that an example lacks becomes an `Option`; one that has another kind of value becomes JSON of any shape,
//! and a finding.

use super::dates;
use super::types::{Item, ItemKind, Type};
use crate::report::{Finding, Rule};
use serde_json::Value;

/// Counts work; false once there was too much of it, and everything holds what it is compared with.
pub type Spend<'s> = &'s dyn Fn(usize) -> bool;

/// The type that also holds a value. Structs in it are widened where they stand. The depth is that of the value, which
/// its reader bounds.
pub fn widened(items: &mut [Item], is: &Type, value: &Value, spend: Spend<'_>) -> Type {
    match (is, value) {
        (Type::Optional(_), Value::Null) | (Type::Any, _) => is.clone(),
        (Type::Optional(inner), value) => optional(widened(items, inner, value, spend)),
        (is, Value::Null) => optional(is.clone()),
        (Type::List(of), Value::Array(values)) => {
            let fold = |is: Type, value| widened(items, &is, value, spend);
            Type::List(Box::new(values.iter().fold((**of).clone(), fold)))
        }
        (Type::Map(of), Value::Object(members)) => {
            let fold = |is: Type, value| widened(items, &is, value, spend);
            Type::Map(Box::new(members.values().fold((**of).clone(), fold)))
        }
        (Type::Integer, Value::Number(number)) if !number.is_i64() => Type::Number,
        (Type::Named(item), value) => {
            if holds(items, *item, value, spend) {
                is.clone()
            } else {
                Type::Any
            }
        }
        (Type::Bool, Value::Bool(_))
        | (Type::Integer | Type::Number, Value::Number(_))
        | (Type::Text, Value::String(_))
        | (Type::Object, Value::Object(_)) => is.clone(),
        _ => Type::Any,
    }
}

fn optional(is: Type) -> Type {
    if matches!(is, Type::Any | Type::Optional(_)) { is } else { Type::Optional(Box::new(is)) }
}

/// True if an item holds a value, after its fields were widened.
fn holds(items: &mut [Item], item: usize, value: &Value, spend: Spend<'_>) -> bool {
    let count = match (&items[item].kind, value) {
        (ItemKind::Struct(fields), Value::Object(_)) => fields.len(),
        // These hold whatever they do not know.
        (ItemKind::Choice(..), Value::String(_)) | (ItemKind::Tagged { .. } | ItemKind::Untagged(_), _) => return true,
        _ => return false,
    };
    if !spend(1 + count / 4) {
        return true;
    }
    for index in 0..count {
        let ItemKind::Struct(fields) = &items[item].kind else { return true };
        let Some(field) = fields.get(index) else { return true };
        let (wire, is) = (field.wire.clone(), field.is.clone());
        let found = value.get(&wire).filter(|value| !value.is_null());
        let wider = found.map(|found| widened(items, &is, found, spend));
        let Item { kind, findings, sites, name, .. } = &mut items[item];
        let ItemKind::Struct(fields) = kind else { return true };
        let Some(field) = fields.get_mut(index) else { return true };
        field.is_plain &= found.is_some();
        let is_no_date = |format| found.and_then(Value::as_str).is_some_and(|text| !dates::fits(format, text));
        field.date = field.date.filter(|format| !is_no_date(*format));
        let Some(wider) = wider.filter(|wider| *wider != field.is) else { continue };
        if let (Some((file, pointer)), Type::Any) = (&*sites, &wider) {
            let message = format!("an example has another kind of value in `{wire}` of `{name}` than its schema says");
            let (file, pointer) = (file.clone(), pointer.clone());
            findings.push(Finding { file, pointer, rule: Rule::ContradictedByExample, message });
        }
        field.is_plain &= matches!(wider, Type::Text | Type::Integer);
        field.is = wider.bare().clone();
    }
    true
}
