//! Overlays (OpenAPI Overlay 1.0 and 1.1): changes of a document that are written beside it.
//!
//! [`apply`] carries out the actions of one overlay in order, on the tree of the document's first file. `merge` puts a
//! value into the tree; what it brings keeps its place in the overlay, by [`Moves`], so that
//! findings point at it.

mod merge;

use crate::read::{Documents, Loader, Moves};
use crate::report::{Finding, Rule};
use merge::{Room, merge};
use serde_json::Value;
use serde_json_path::JsonPath;

/// Actions of an overlay, at most.
const MAX_ACTIONS: usize = 10_000;
/// Characters of a target, at most: each `..` in it looks at the whole document again.
const MAX_TARGET: usize = 2_000;

/// Changes a document as an overlay says. `name` is the file that findings name.
///
/// The findings are actions that match nothing. The error is a sentence, where the text is no overlay, an action is
/// none, or all of it would make the document too large.
pub fn apply(documents: &mut Documents, name: &str, text: String, load: Loader<'_>) -> Result<Vec<Finding>, String> {
    let overlay = documents.beside(name, text)?;
    let version = overlay.get("overlay").and_then(Value::as_str).unwrap_or_default();
    if !version.starts_with("1.") {
        return Err(format!("`{name}` is not an overlay: it begins with `overlay: 1.0.0`, or 1.1.0"));
    }
    let actions = overlay.get("actions").and_then(Value::as_array);
    let actions = actions.filter(|actions| actions.len() <= MAX_ACTIONS);
    let actions = actions.ok_or_else(|| format!("`{name}` has no list of `actions`, or more than {MAX_ACTIONS}"))?;
    let (mut findings, mut room) = (Vec::new(), Room::default());
    for (index, action) in actions.iter().enumerate() {
        let pointer = format!("/actions/{index}");
        let error = |reason: String| format!("`{name}`, action {}: {reason}", index + 1);
        let Some((root, moves)) = documents.first_mut() else { continue };
        let matched = act(root, moves, action, (name, &pointer), &mut room).map_err(error)?;
        if matched == 0 {
            let target = action.get("target").and_then(Value::as_str).unwrap_or_default();
            let message = format!("`{target}` matches nothing in the document");
            let (file, pointer) = (name.to_owned(), format!("{pointer}/target"));
            findings.push(Finding { file, pointer, rule: Rule::ActionMatchesNothing, message });
        }
    }
    documents.load_more(load);
    Ok(findings)
}

/// Carries out one action; the number of places that it matched.
fn act(
    root: &mut Value,
    moves: &mut Moves,
    action: &Value,
    at: (&str, &str),
    room: &mut Room,
) -> Result<usize, String> {
    let target = action.get("target").and_then(Value::as_str).ok_or("it has no `target`")?;
    let found = located(root, target)?;
    if action.get("remove") == Some(&Value::Bool(true)) {
        // The last one first, so that places of items before it stay as they are.
        for pointer in found.iter().rev() {
            remove(root, moves, pointer);
        }
        return Ok(found.len());
    }
    let (file, place) = at;
    if let Some(copied) = action.get("copy") {
        let path = copied.as_str().ok_or("`copy` is the path of a value")?;
        let sources = located(root, path)?;
        let [source] = sources.as_slice() else {
            return Err(format!("`copy: {path}` matches {} values and copies one", sources.len()));
        };
        let value = root.pointer(source).cloned().unwrap_or_default();
        let from = moves.origin(source).unwrap_or_else(|| (String::new(), source.clone()));
        for pointer in &found {
            merge(root, moves, pointer, &value, &from, room)?;
        }
    }
    if let Some(update) = action.get("update") {
        for pointer in &found {
            merge(root, moves, pointer, update, &(file.to_owned(), format!("{place}/update")), room)?;
        }
    }
    if action.get("copy").is_none() && action.get("update").is_none() {
        return Err("it has no `update`, no `copy` and no `remove: true`".to_owned());
    }
    Ok(found.len())
}

/// The places that a path matches, in the order of the document, each once.
fn located(root: &Value, path: &str) -> Result<Vec<String>, String> {
    if path.len() > MAX_TARGET {
        return Err(format!("a path of more than {MAX_TARGET} characters"));
    }
    let parsed = JsonPath::parse(path).map_err(|error| format!("`{path}` is no JSONPath (RFC 9535): {error}"))?;
    let mut pointers: Vec<String> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for located in parsed.query_located(root).iter() {
        let pointer = located.location().to_json_pointer();
        if seen.insert(pointer.clone()) {
            pointers.push(pointer);
        }
    }
    pointers.sort_by(|one, other| order(one).cmp(&order(other)));
    Ok(pointers)
}

/// Sorts items of one list by their number; the order of everything else does not matter.
fn order(pointer: &str) -> Vec<(usize, &str)> {
    pointer.split('/').map(|part| (part.parse().unwrap_or(0), part)).collect()
}

fn remove(root: &mut Value, moves: &mut Moves, pointer: &str) {
    let Some((above, last)) = pointer.rsplit_once('/') else { return };
    match root.pointer_mut(above) {
        Some(Value::Object(map)) => {
            map.shift_remove(&last.replace("~1", "/").replace("~0", "~"));
            moves.forget(pointer);
        }
        Some(Value::Array(items)) => {
            let Ok(index) = last.parse::<usize>() else { return };
            if index < items.len() {
                items.remove(index);
                moves.close_gap(above, index, items.len());
            }
        }
        _ => {}
    }
}
