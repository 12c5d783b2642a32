//! Reads that ask for what changed since (RFC 9110 section 13.1.2).

use super::{Argument, Returned, Taken, TraitMethod};
use crate::api::Operation;
use crate::shape::{Type, distinct};
use std::collections::HashSet;

const HEADER: &str = "if-none-match";

/// Gives a read that the document answers with 304 the header `If-None-Match`, and its answer the head, which has the
/// `ETag` for the next one. Pages have a condition for each page, so they stay as they are.
pub(super) fn make_conditional(operation: &Operation<'_>, scope: &mut HashSet<String>, made: &mut TraitMethod) {
    let Returned::Json(is) = &made.answer else { return };
    if made.verb != "get" || !operation.answers.iter().any(|answer| answer.status == "304") {
        return;
    }
    let optional = Type::Optional(Box::new(is.bare().clone()));
    match made.attributes.iter_mut().find(|(name, _)| *name == "absent") {
        Some((_, statuses)) => statuses.push("304".to_owned()),
        None => made.attributes.push(("absent", vec!["304".to_owned()])),
    }
    let attribute = format!("header({HEADER:?})");
    if !made.arguments.iter().any(|argument| argument.attribute == attribute) {
        let is = Taken::Value(Type::Optional(Box::new(Type::Text)));
        made.arguments.push(Argument { attribute, name: distinct(scope, "if_none_match"), is });
    }
    made.answer = Returned::Json(optional);
    made.has_head = true;
    made.evidence.push("it may answer 304, so it takes the `ETag` of the answer before".to_owned());
}
