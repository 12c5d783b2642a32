//! The body of a request as an argument.

use super::parameters::is_single;
use super::{Argument, Taken, TraitMethod, essence, form, is_json_misspelt, site};
use crate::api::{Body, Operation};
use crate::read::At;
use crate::report::{Finding, Rule};
use crate::shape::{ItemKind, Shaper, Type, distinct, peel, view};
use std::collections::HashSet;

pub(super) fn take_body<'d>(
    body: &Body<'d>,
    base: &str,
    shaper: &mut Shaper<'d>,
    scope: &mut HashSet<String>,
    made: &mut TraitMethod,
) -> Result<(), String> {
    let find = |is: &dyn Fn(&str) -> bool| body.media.iter().find(|(media, _)| is(&essence(media)));
    let name = distinct(scope, "body");
    let hint = format!("{base}Body");
    let mut push = |attribute: String, is: Taken| {
        made.arguments.push(Argument { attribute, name: name.clone(), is });
        Ok(())
    };
    let json = find(&|media| media == "application/json" || media == "*/*")
        .or_else(|| find(&|media| media.ends_with("+json")))
        .or_else(|| find(&is_json_misspelt));
    if let Some((media, schema)) = json {
        let is = schema.as_ref().map_or(Type::Any, |at| shaper.shape(at, site(&hint)));
        let media = essence(media);
        let attribute = if media.ends_with("+json") { format!("body(json = {media:?})") } else { "body".to_owned() };
        return push(attribute, Taken::Value(is.bare().clone()));
    }
    if let Some((media, schema)) = find(&|media| media == "application/x-www-form-urlencoded") {
        let is = match schema {
            Some(at) => shaper.shape(at, site(&hint)).bare().clone(),
            None => form::of_pairs(body, &hint, shaper),
        };
        let has_deep = body.at.path(&["content", media, "encoding"]).iter().flat_map(At::members).count() > 0;
        let attribute = if has_deep || is_nested(&is, shaper) { "body(form = \"brackets\")" } else { "body(form)" };
        return push(attribute.to_owned(), Taken::Value(is));
    }
    if let Some(found) = find(&|media| media.starts_with("multipart/")) {
        if let Some(is) = form::of_parts(body, found, &hint, shaper) {
            return push("body(multipart)".to_owned(), Taken::Value(is));
        }
        made.findings.push(Finding::new(Rule::RawBody, &body.at, "a body of several parts"));
        return push("body(multipart)".to_owned(), Taken::Literal("keyway::Multipart"));
    }
    let raw = |media: &str| !media.contains(['*', '"', '\\']) && media.contains('/');
    let Some((media, _)) = find(&raw) else { return Err("a body of any kind".to_owned()) };
    let media = essence(media);
    made.findings.push(Finding::new(Rule::RawBody, &body.at, format!("a body of `{media}`")));
    let is = if media.starts_with("text/") || media.contains("xml") { "&str" } else { "Vec<u8>" };
    push(format!("body(bytes = {media:?})"), Taken::Literal(is))
}

/// False for the body of a request that has none: an object without members, where a body is unusual.
pub(super) fn has_content(operation: &Operation<'_>, body: &Body<'_>) -> bool {
    let is_usual = matches!(operation.verb, "post" | "put" | "patch");
    let is_something = |at: &At<'_>| {
        peel(at).is_ok_and(|(at, _)| {
            let view = view(&at);
            !(view.is_empty() || view.is_object() && view.properties.is_empty() && view.variants.is_empty())
        })
    };
    is_usual || !body.form.is_empty() || body.media.iter().any(|(_, at)| at.as_ref().is_some_and(is_something))
}

/// True for a form with lists or objects in it. Its struct may not have its fields yet, so this asks for more than it
/// needs: a form of single values is the same in both spellings.
fn is_nested(is: &Type, shaper: &Shaper<'_>) -> bool {
    match is {
        Type::Named(item) => match &shaper.items[*item].kind {
            ItemKind::Struct(fields) => fields.is_empty() || fields.iter().any(|field| !is_single(&field.is, shaper)),
            _ => true,
        },
        _ => true,
    }
}
