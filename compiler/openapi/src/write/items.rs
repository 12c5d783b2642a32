//! A struct or an enum as text.

use super::rust::owned;
use crate::shape::{Direction, Field, Item, ItemKind, Type};
use std::fmt::Write as _;

pub(super) fn text(item: &Item, items: &[Item]) -> String {
    match &item.kind {
        ItemKind::Struct(fields) => structure(item, fields, items),
        ItemKind::Choice(variants, other) => choice(item, variants, other),
        ItemKind::Tagged { tag, variants, other } => tagged(item, tag, variants, other, items),
        ItemKind::Untagged(variants) => untagged(item, variants, items),
    }
}

/// The half of serde that the direction needs.
fn serde(item: &Item) -> &'static str {
    match item.direction {
        Some(Direction::Request) => "serde::Serialize",
        Some(Direction::Answer) => "serde::Deserialize",
        None => "serde::Deserialize, serde::Serialize",
    }
}

fn structure(item: &Item, fields: &[Field], items: &[Item]) -> String {
    let mut out = format!("#[derive(Clone, Debug, Default, {})]\npub struct {} {{\n", serde(item), item.name);
    for field in fields {
        let mut is = owned(&field.is, items);
        if field.is_boxed {
            is = format!("Box<{is}>");
        }
        if !field.is_plain {
            is = format!("Option<{is}>");
        }
        if field.is_required && !field.is_plain && item.direction == Some(Direction::Request) {
            out.push_str("/// Required.\n");
        }
        let mut attributes = Vec::new();
        if field.name != field.wire {
            attributes.push(format!("rename = {:?}", field.wire));
        }
        if !field.is_plain && item.direction == Some(Direction::Request) {
            attributes.push("skip_serializing_if = \"Option::is_none\"".to_owned());
        }
        if !attributes.is_empty() {
            let _ = writeln!(out, "#[serde({})]", attributes.join(", "));
        }
        let _ = writeln!(out, "pub {}: {is},", field.name);
    }
    out.push_str("}\n");
    out
}

fn choice(item: &Item, variants: &[(String, String)], other: &str) -> String {
    let derives = "Clone, Debug, PartialEq, Eq, Hash";
    let mut out = format!("#[derive({derives}, {})]\npub enum {} {{\n", serde(item), item.name);
    for (name, value) in variants {
        if name != value {
            let _ = writeln!(out, "#[serde(rename = {value:?})]");
        }
        let _ = writeln!(out, "{name},");
    }
    let _ = writeln!(out, "/// A value that the document does not list.\n#[serde(untagged)]\n{other}(String),\n}}");
    out
}

fn tagged(item: &Item, tag: &str, variants: &[(String, Vec<String>, Type)], other: &str, items: &[Item]) -> String {
    let mut out = format!("#[derive(Clone, Debug, {})]\n#[serde(tag = {tag:?})]\n", serde(item));
    let _ = writeln!(out, "pub enum {} {{", item.name);
    for (name, values, is) in variants {
        let mut values = values.iter();
        let mut attributes: Vec<String> =
            values.next().map(|value| format!("rename = {value:?}")).into_iter().collect();
        attributes.extend(values.map(|value| format!("alias = {value:?}")));
        let _ = writeln!(out, "#[serde({})]\n{name}({}),", attributes.join(", "), boxed(is, items));
    }
    let _ = writeln!(out, "/// Of a kind that the document does not list.\n#[serde(untagged)]");
    let _ = writeln!(out, "{other}(serde_json::Value),\n}}");
    out
}

fn untagged(item: &Item, variants: &[(String, Type)], items: &[Item]) -> String {
    let mut out = format!("#[derive(Clone, Debug, {})]\n#[serde(untagged)]\n", serde(item));
    let _ = writeln!(out, "pub enum {} {{", item.name);
    for (name, is) in variants {
        let _ = writeln!(out, "{name}({}),", boxed(is, items));
    }
    let _ = writeln!(out, "/// Of a kind that the document does not list.\nOther(serde_json::Value),\n}}");
    out
}

/// What a variant holds: items in a box, so that no enum is as large as its largest struct, or without end.
fn boxed(is: &Type, items: &[Item]) -> String {
    let text = owned(is, items);
    if is.held().is_some() { format!("Box<{text}>") } else { text }
}
