//! A struct or an enum as text.

use super::TypeStyle;
use super::layout::{self, attribute, comment};
use super::rust::owned;
use crate::shape::{DateFormat, Direction, Item, ItemKind, StructField, Type, distinct};
use std::collections::HashSet;
use std::fmt::Write as _;

/// The attribute of a field that is a day.
pub(super) const ISO_DATE_WITH: &str = "\"iso_date::option\"";
/// The thing named.
pub(super) const ISO_DATE: &str = "time::serde::format_description!(iso_date, Date, \"[year]-[month]-[day]\");\n";

pub(super) fn text(item: &Item, items: &[Item], style: TypeStyle) -> String {
    let mut out = String::new();
    if let Some(about) = item.about.as_ref().filter(|_| style.has_docs) {
        comment(&mut out, 0, about);
    }
    out + &without_comment(item, items, style)
}

fn without_comment(item: &Item, items: &[Item], style: TypeStyle) -> String {
    match &item.kind {
        ItemKind::Struct(fields) => structure(item, fields, items, style),
        ItemKind::Choice(variants, other) => choice(item, variants, other),
        ItemKind::Tagged { tag, variants, other } => tagged(item, tag, variants, other, items),
        ItemKind::Untagged(variants) => untagged(item, variants, items),
    }
}

/// The derives of an item. Those of `keyway` implement serde's traits; rustc checks them many times faster than serde's
/// own, which know more kinds of types.
fn derive(out: &mut String, more: &[&str], item: &Item, by: &str) {
    let halves: &[&str] = match item.direction {
        Some(Direction::Request) => &["Serialize"],
        Some(Direction::Answer) => &["Deserialize"],
        None => &["Deserialize", "Serialize"],
    };
    let plain = ["Clone", "Debug"].iter().chain(more).map(|name| (*name).to_owned());
    let all = plain.chain(halves.iter().map(|half| format!("{by}::{half}")));
    let _ = writeln!(out, "#[derive({})]", all.collect::<Vec<_>>().join(", "));
}

fn structure(item: &Item, fields: &[StructField], items: &[Item], style: TypeStyle) -> String {
    let mut out = String::new();
    let keeps_unknown = style.keeps_unknown && item.direction != Some(Direction::Request);
    let has_dates = style.has_dates && fields.iter().any(|field| field.date.is_some());
    derive(&mut out, &["Default"], item, if keeps_unknown || has_dates { "serde" } else { "keyway" });
    if fields.is_empty() && !keeps_unknown {
        let _ = writeln!(out, "pub struct {} {{}}", item.name);
        return out;
    }
    let _ = writeln!(out, "pub struct {} {{", item.name);
    for field in fields {
        let mut is = owned(&field.is, items);
        let date = field.date.filter(|_| style.has_dates);
        if let Some(date) = date {
            dated(date).0.clone_into(&mut is);
        }
        let is_plain = field.is_plain && date.is_none();
        if field.is_boxed {
            is = format!("Box<{is}>");
        }
        if !is_plain {
            is = format!("Option<{is}>");
        }
        if let Some(about) = field.about.as_ref().filter(|_| style.has_docs) {
            comment(&mut out, 4, about);
        }
        if field.is_required && !is_plain && item.direction == Some(Direction::Request) {
            out.push_str("    /// Required.\n");
        }
        let mut arguments = Vec::new();
        if field.name != field.wire {
            arguments.push(format!("rename = {:?}", field.wire));
        }
        if let Some(date) = date {
            arguments.push("default".to_owned());
            arguments.push(format!("with = {}", dated(date).1));
        }
        if !is_plain && item.direction == Some(Direction::Request) {
            arguments.push("skip_serializing_if = \"Option::is_none\"".to_owned());
        }
        if !arguments.is_empty() {
            attribute(&mut out, 4, "serde", &arguments);
        }
        layout::field(&mut out, &field.name, &is);
    }
    if keeps_unknown {
        let mut taken: HashSet<String> = fields.iter().map(|field| field.name.clone()).collect();
        out.push_str("    /// Members that the document does not name.\n    #[serde(flatten)]\n");
        layout::field(&mut out, &distinct(&mut taken, "other"), &owned(&Type::Object, items));
    }
    out.push_str("}\n");
    out
}

/// The type of a date, and the module that reads an optional one.
fn dated(format: DateFormat) -> (&'static str, &'static str) {
    match format {
        DateFormat::Instant => ("time::OffsetDateTime", "\"time::serde::rfc3339::option\""),
        DateFormat::Day => ("time::Date", ISO_DATE_WITH),
    }
}

fn choice(item: &Item, variants: &[(String, String)], other: &str) -> String {
    let mut out = String::new();
    // Programs seldom compare what they only send, and rustc checks each derive as a function of its own.
    let is_sent = item.direction == Some(Direction::Request);
    derive(&mut out, if is_sent { &[] } else { &["PartialEq", "Eq", "Hash"] }, item, "keyway");
    let _ = writeln!(out, "pub enum {} {{", item.name);
    for (name, value) in variants {
        if name != value {
            attribute(&mut out, 4, "serde", &[format!("rename = {value:?}")]);
        }
        let _ = writeln!(out, "    {name},");
    }
    out.push_str("    /// A value that the document does not list.\n    #[serde(untagged)]\n");
    let _ = writeln!(out, "    {other}(String),\n}}");
    out
}

fn tagged(item: &Item, tag: &str, variants: &[(String, Vec<String>, Type)], other: &str, items: &[Item]) -> String {
    let mut out = String::new();
    derive(&mut out, &[], item, "keyway");
    attribute(&mut out, 0, "serde", &[format!("tag = {tag:?}")]);
    let _ = writeln!(out, "pub enum {} {{", item.name);
    for (name, values, is) in variants {
        let mut values = values.iter();
        let mut arguments: Vec<String> = values.next().map(|value| format!("rename = {value:?}")).into_iter().collect();
        arguments.extend(values.map(|value| format!("alias = {value:?}")));
        attribute(&mut out, 4, "serde", &arguments);
        let _ = writeln!(out, "    {name}({}),", boxed(is, items));
    }
    out.push_str("    /// Of a kind that the document does not list.\n    #[serde(untagged)]\n");
    let _ = writeln!(out, "    {other}(serde_json::Value),\n}}");
    out
}

fn untagged(item: &Item, variants: &[(String, Type)], items: &[Item]) -> String {
    let mut out = String::new();
    derive(&mut out, &[], item, "keyway");
    let _ = writeln!(out, "#[serde(untagged)]\npub enum {} {{", item.name);
    for (name, is) in variants {
        let _ = writeln!(out, "    {name}({}),", boxed(is, items));
    }
    out.push_str("    /// Of a kind that the document does not list.\n");
    let _ = writeln!(out, "    Other(serde_json::Value),\n}}");
    out
}

/// The content of a variant: items in a box, so that no enum is as large as its largest struct, or without end.
fn boxed(is: &Type, items: &[Item]) -> String {
    let text = owned(is, items);
    if is.held().is_some() { format!("Box<{text}>") } else { text }
}
