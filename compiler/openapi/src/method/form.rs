//! A form as a struct of its fields, where no type of the document is one: parameters of Swagger 2.0, and the parts of
//! `multipart/form-data`.

use super::site;
use super::success::is_file;
use crate::api::Body;
use crate::read::At;
use crate::report::Rule;
use crate::shape::{Shaper, StructField, Type, about, distinct, peel, view};
use keyway_compiler::lower::names::{camel, escape, snake};
use std::collections::HashSet;

/// One field of a form.
struct FormField<'d> {
    wire: &'d str,
    at: At<'d>,
    is_required: bool,
}

/// A form that is sent as pairs (Swagger 2.0): its fields are parameters.
pub(super) fn of_pairs<'d>(body: &Body<'d>, hint: &str, shaper: &mut Shaper<'d>) -> Type {
    let fields = parameters(body);
    let shaped = |field: &FormField<'d>, hint: &str, shaper: &mut Shaper<'d>| shaper.shape(&field.at, site(hint));
    structure(fields, hint, shaper, shaped)
}

/// A form that is sent in parts; `None` where the document does not name them.
pub(super) fn of_parts<'d>(
    body: &Body<'d>,
    (media, schema): &(String, Option<At<'d>>),
    hint: &str,
    shaper: &mut Shaper<'d>,
) -> Option<Type> {
    let fields = schema.as_ref().map_or_else(|| parameters(body), properties);
    if fields.is_empty() {
        return None;
    }
    let has_own_type = |wire: &str| {
        let own = body.at.path(&["content", media, "encoding", wire]);
        own.and_then(|own| own.text("contentType")).is_some_and(|own| !own.starts_with("text/plain"))
    };
    Some(structure(fields, hint, shaper, |field, hint, shaper| {
        if has_own_type(field.wire) { Type::Part } else { part(&field.at, hint, shaper) }
    }))
}

fn parameters<'d>(body: &Body<'d>) -> Vec<FormField<'d>> {
    let field =
        |at: &At<'d>| Some(FormField { wire: at.text("name")?, at: at.clone(), is_required: at.flag("required") });
    body.form.iter().filter_map(field).collect()
}

/// The members of a schema that a request may have; none where it is one of several.
fn properties<'d>(schema: &At<'d>) -> Vec<FormField<'d>> {
    let Ok((schema, _)) = peel(schema) else { return Vec::new() };
    let view = view(&schema);
    if !view.variants.is_empty() {
        return Vec::new();
    }
    let is_required = |wire: &str| view.required.contains(wire);
    let sent = view.properties.iter().filter(|(_, at)| !at.flag("readOnly"));
    sent.map(|(wire, at)| FormField { wire, at: at.clone(), is_required: is_required(wire) }).collect()
}

/// The type of one part: a text, a number or a flag, several of these, or else bytes with a media type of their own.
fn part<'d>(at: &At<'d>, hint: &str, shaper: &mut Shaper<'d>) -> Type {
    let Ok((at, _)) = peel(at) else { return shaper.shape(at, site(hint)) };
    let view = view(&at);
    if is_file(&at) || view.is_empty() {
        return Type::Part;
    }
    if view.is_object() || !view.variants.is_empty() {
        shaper.found(Rule::RawPart, &at, "a part that is an object");
        return Type::Part;
    }
    let Some(items) = view.items else { return shaper.shape(&at, site(hint)) };
    let of = match part(&items, &format!("{hint}Item"), shaper) {
        Type::List(_) => Type::Part,
        of => of.bare().clone(),
    };
    Type::List(Box::new(of))
}

fn structure<'d>(
    fields: Vec<FormField<'d>>,
    hint: &str,
    shaper: &mut Shaper<'d>,
    mut shaped: impl FnMut(&FormField<'d>, &str, &mut Shaper<'d>) -> Type,
) -> Type {
    let mut names = HashSet::new();
    let fields = fields.into_iter().map(|field| {
        let is = shaped(&field, &format!("{hint}{}", camel(field.wire)), shaper);
        let has_empty = matches!(is, Type::Text | Type::Integer | Type::Number | Type::Bool | Type::Part);
        StructField {
            wire: field.wire.to_owned(),
            name: distinct(&mut names, &escape(&snake(field.wire))),
            is_plain: field.is_required && has_empty,
            is: is.bare().clone(),
            is_boxed: false,
            is_required: field.is_required,
            date: None,
            about: field.at.text("description").and_then(about),
        }
    });
    let fields = fields.collect();
    shaper.add(hint, fields)
}
