//! The trait as text.

use super::Written;
use super::rust::{in_comment, owned, taken};
use crate::method::{Method, Returned};
use crate::shape::{Item, Type};
use std::fmt::Write as _;

pub(super) fn text(written: Written<'_>) -> String {
    let Written { trait_name, module, methods, items, .. } = written;
    let common = common_refusal(methods);
    let mut out = format!("#[keyway::api({module})]\n");
    if let Some(refusal) = common {
        let _ = writeln!(out, "#[error({})]", owned(refusal, items));
    }
    let _ = writeln!(out, "pub trait {trait_name} {{");
    for method in methods {
        one(&mut out, method, items, common.is_none());
    }
    out.push_str("}\n");
    out
}

/// The body of refusals, where it is the same for all methods.
fn common_refusal(methods: &[Method]) -> Option<&Type> {
    let first = methods.first()?.refusal.as_ref()?;
    methods.iter().all(|method| method.refusal.as_ref() == Some(first)).then_some(first)
}

fn one(out: &mut String, method: &Method, items: &[Item], own_refusal: bool) {
    let _ = writeln!(out, "/// `{}`", in_comment(&method.id));
    let _ = writeln!(out, "#[{}({:?})]", method.verb, method.path);
    if let Some(docs) = &method.docs {
        let _ = writeln!(out, "#[docs({docs:?})]");
    }
    for attribute in &method.attributes {
        let _ = writeln!(out, "#[{attribute}]");
    }
    if let Some(refusal) = method.refusal.as_ref().filter(|_| own_refusal) {
        let _ = writeln!(out, "#[error({})]", owned(refusal, items));
    }
    let mut arguments = vec!["&self".to_owned()];
    for argument in &method.arguments {
        let attribute =
            if argument.attribute.is_empty() { String::new() } else { format!("#[{}] ", argument.attribute) };
        arguments.push(format!("{attribute}{}: {}", argument.name, taken(&argument.is, items)));
    }
    let answer = match &method.answer {
        Returned::Nothing => String::new(),
        Returned::Json(is) => format!(" -> {}", owned(is, items)),
        Returned::Pages(is) => format!(" -> Vec<{}>", owned(is, items)),
        Returned::Text => " -> String".to_owned(),
        Returned::Bytes => " -> keyway::Bytes".to_owned(),
        Returned::Response => " -> keyway::Response".to_owned(),
    };
    let _ = writeln!(out, "fn {}({}){answer};", method.name, arguments.join(", "));
}
