//! A value put into a tree: maps are merged member by member, lists are continued, anything else is replaced.

use crate::read::Moves;
use serde_json::Value;

/// Values that all actions of an overlay may add.
const MAX_ADDED: usize = 2_000_000;
/// The deepest nesting of what comes of it: that of the readers.
const MAX_DEPTH: usize = 128;

/// The room that is left for what actions add.
pub(super) struct Room(usize);

impl Default for Room {
    fn default() -> Room {
        Room(MAX_ADDED)
    }
}

/// Merges a value into the one at a pointer. `from` is the file and the pointer where the value is written.
pub(super) fn merge(
    root: &mut Value,
    moves: &mut Moves,
    pointer: &str,
    value: &Value,
    from: &(String, String),
    room: &mut Room,
) -> Result<(), String> {
    let (size, depth) = measure(value);
    room.0 = room.0.checked_sub(size).ok_or_else(|| format!("all actions add more than {MAX_ADDED} values"))?;
    if depth + pointer.split('/').count() > MAX_DEPTH {
        return Err(format!("`{pointer}` would have more than {MAX_DEPTH} levels of nesting"));
    }
    if let Some(target) = root.pointer_mut(pointer) {
        put(target, moves, pointer, value, from);
    }
    Ok(())
}

/// The depth is bounded by [`measure`].
fn put(target: &mut Value, moves: &mut Moves, pointer: &str, value: &Value, from: &(String, String)) {
    match (target, value) {
        (Value::Object(map), Value::Object(members)) => {
            for (key, value) in members {
                let part = key.replace('~', "~0").replace('/', "~1");
                let (pointer, from) = (format!("{pointer}/{part}"), (from.0.clone(), format!("{}/{part}", from.1)));
                if let Some(target) = map.get_mut(key) {
                    put(target, moves, &pointer, value, &from);
                } else {
                    map.insert(key.clone(), value.clone());
                    moves.add(pointer, from);
                }
            }
        }
        (Value::Array(items), Value::Array(more)) => {
            for (index, value) in more.iter().enumerate() {
                moves.add(format!("{pointer}/{}", items.len()), (from.0.clone(), format!("{}/{index}", from.1)));
                items.push(value.clone());
            }
        }
        (Value::Array(items), value) => {
            moves.add(format!("{pointer}/{}", items.len()), from.clone());
            items.push(value.clone());
        }
        (target, value) => {
            *target = value.clone();
            moves.forget(pointer);
            moves.add(pointer.to_owned(), from.clone());
        }
    }
}

/// The number of values in a value, and its depth, which its reader or this module has bounded.
fn measure(value: &Value) -> (usize, usize) {
    let of = |parts: &mut dyn Iterator<Item = &Value>| {
        parts.map(measure).fold((1, 1), |(size, depth), (more, below)| (size + more, depth.max(below + 1)))
    };
    match value {
        Value::Array(items) => of(&mut items.iter()),
        Value::Object(members) => of(&mut members.values()),
        _ => (1, 1),
    }
}
