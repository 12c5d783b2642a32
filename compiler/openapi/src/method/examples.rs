//! The document's own examples of an answer.

use super::essence;
use super::success::{Chosen, answer};
use crate::api::Operation;
use crate::pages::Paging;
use crate::read::At;
use serde_json::Value;

/// False if an example of the document has no list where the items of a page are named.
pub(super) fn shows_list(operation: &Operation<'_>, pages: &Paging<'_>) -> bool {
    let path = pages.rule.iter().find(|(key, _)| *key == "items").map(|(_, path)| path.as_str());
    examples(operation).iter().all(|example| {
        let found = path.into_iter().flat_map(|path| path.split('.')).try_fold(example, |value, key| value.get(key));
        // Where the whole answer is the list, a text is a description of one.
        found.is_some_and(|found| found.is_array() || path.is_none() && !found.is_object())
    })
}

/// The document's examples of the answer that was chosen.
pub(crate) fn examples(operation: &Operation<'_>) -> Vec<Value> {
    let (Some(answer), Some(Chosen::Json(..))) = answer(operation) else { return Vec::new() };
    let mut examples = Vec::new();
    for (_, at) in json(answer.at.get("content")) {
        examples.extend(at.get("example"));
        for (_, example) in at.get("examples").map(|examples| examples.members()).unwrap_or_default() {
            examples.extend(example.resolved().ok().and_then(|example| example.get("value")));
        }
        examples.extend(of_schema(&at));
    }
    // Swagger 2.0 has one for each media type, beside the schema.
    examples.extend(json(answer.at.get("examples")).into_iter().map(|(_, example)| example));
    if answer.at.get("content").is_none() {
        examples.extend(of_schema(&answer.at));
    }
    // Some documents refer to an example where none but a value is allowed.
    let examples = examples.iter().map(|example| example.resolved().unwrap_or_else(|_| example.clone()));
    examples.filter(|example| example.spend(weight(example.value))).map(|example| written(example.value)).collect()
}

/// The work of reading an example; its depth is bounded by the reader.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => 1 + text.len() / 64,
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(weight).sum::<usize>(),
        _ => 1,
    }
}

/// The entry of a map of media types for JSON.
fn json(map: Option<At<'_>>) -> Vec<(&str, At<'_>)> {
    let members = map.map(|map| map.members()).unwrap_or_default();
    members.into_iter().filter(|(media, _)| essence(media).contains("json")).collect()
}

/// The examples that the schema of a media type has itself.
fn of_schema<'d>(media: &At<'d>) -> Vec<At<'d>> {
    let Some(Ok(schema)) = media.get("schema").map(|schema| schema.resolved()) else { return Vec::new() };
    let listed = schema.get("examples").map(|list| list.items()).unwrap_or_default();
    schema.get("example").into_iter().chain(listed).collect()
}

/// An example as a value. Some documents write theirs as JSON in a text.
fn written(example: &Value) -> Value {
    let inner = example.as_str().and_then(|text| serde_json::from_str(text).ok());
    inner.unwrap_or_else(|| example.clone())
}
