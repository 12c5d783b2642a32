//! The document's own examples of an answer.

use super::essence;
use super::success::{Chosen, answer};
use crate::api::Operation;
use crate::pages::Paging;

/// False if an example of the document has no list where the items of a page are named.
pub(super) fn shows_list(operation: &Operation<'_>, pages: &Paging<'_>) -> bool {
    let Some((_, path)) = pages.rule.iter().find(|(key, _)| *key == "items") else { return true };
    examples(operation).iter().all(|example| {
        let found = path.split('.').try_fold(example, |value, key| value.get(key));
        found.is_some_and(serde_json::Value::is_array)
    })
}

/// The document's examples of the answer that was chosen.
pub(crate) fn examples(operation: &Operation<'_>) -> Vec<serde_json::Value> {
    let Ok((Some(answer), Some(Chosen::Json(..)))) = answer(operation) else { return Vec::new() };
    let mut examples = Vec::new();
    let media = answer.at.get("content").map(|content| content.members()).unwrap_or_default();
    for (_, at) in media.into_iter().filter(|(media, _)| essence(media).contains("json")) {
        examples.extend(at.get("example").map(|example| example.value));
        for (_, example) in at.get("examples").map(|examples| examples.members()).unwrap_or_default() {
            examples.extend(example.resolved().ok().and_then(|example| Some(example.get("value")?.value)));
        }
        let schema = at.get("schema").and_then(|schema| schema.resolved().ok());
        examples.extend(schema.and_then(|schema| Some(schema.get("example")?.value)));
    }
    // Some documents write their examples as JSON in a text.
    let inner = |example: &serde_json::Value| serde_json::from_str(example.as_str()?).ok();
    examples.into_iter().map(|example| inner(example).unwrap_or_else(|| example.clone())).collect()
}
