//! The trait as text.

use super::layout::{self, attribute, comment};
use super::rust::{in_comment, owned, taken};
use super::{TypeStyle, WrittenTrait};
use crate::method::{Returned, TraitMethod};
use crate::shape::{Item, Type};
use std::fmt::Write as _;

/// The trait of some methods, for a provider.
pub(super) fn text(written: &WrittenTrait<'_>) -> String {
    let WrittenTrait { trait_name, provider, methods, items, style, .. } = *written;
    let common = common_refusal(methods);
    let mut out = format!("#[keyway::api({provider})]\n");
    if let Some(refusal) = common {
        let _ = writeln!(out, "#[error({})]", owned(refusal, items));
    }
    let _ = writeln!(out, "pub trait {trait_name} {{");
    for (index, method) in methods.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        one(&mut out, method, items, common.is_none(), style);
    }
    out.push_str("}\n");
    out
}

/// The body of refusals, where it is the same for all methods.
fn common_refusal(methods: &[TraitMethod]) -> Option<&Type> {
    let mut refusals = methods.iter().filter(|method| !matches!(method.answer, Returned::Response));
    let first = refusals.next()?.refusal.as_ref()?;
    refusals.all(|method| method.refusal.as_ref() == Some(first)).then_some(first)
}

fn one(out: &mut String, method: &TraitMethod, items: &[Item], own_refusal: bool, style: TypeStyle) {
    if let Some(about) = method.about.as_ref().filter(|_| style.has_docs) {
        comment(out, 4, about);
        out.push_str("    ///\n");
    }
    let _ = writeln!(out, "    /// `{}`", in_comment(&method.id));
    attribute(out, 4, method.verb, &[format!("{:?}", method.path)]);
    if let Some(docs) = &method.docs {
        attribute(out, 4, "docs", &[format!("{docs:?}")]);
    }
    for (name, arguments) in &method.attributes {
        attribute(out, 4, name, arguments);
    }
    if let Some(refusal) = method.refusal.as_ref().filter(|_| own_refusal) {
        attribute(out, 4, "error", &[owned(refusal, items)]);
    }
    let mut arguments = vec!["&self".to_owned()];
    for argument in &method.arguments {
        let sent = if argument.attribute.is_empty() { String::new() } else { format!("#[{}] ", argument.attribute) };
        arguments.push(format!("{sent}{}: {}", argument.name, taken(&argument.is, items)));
    }
    let answer = match &method.answer {
        Returned::Nothing => String::new(),
        Returned::Json(is) if method.has_head => format!(" -> keyway::Answer<{}>", read_as_json(is, items)),
        Returned::Json(is) => format!(" -> {}", read_as_json(is, items)),
        Returned::Pages(is) => format!(" -> Vec<{}>", owned(is, items)),
        Returned::Text => " -> String".to_owned(),
        Returned::Bytes => " -> keyway::Bytes".to_owned(),
        Returned::Response => " -> keyway::Response".to_owned(),
    };
    layout::method(out, &method.name, &arguments, &answer);
}

/// A type that `#[keyway::api]` reads as JSON: a `String` would be the body as it is, with its quotation marks.
fn read_as_json(is: &Type, items: &[Item]) -> String {
    match is {
        Type::Text => "Box<str>".to_owned(),
        Type::Optional(of) if **of == Type::Text => "Option<Box<str>>".to_owned(),
        _ => owned(is, items),
    }
}
