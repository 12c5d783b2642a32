//! Classes of deviation of the modes that log in with stored credentials.
//!
//! Each compares both sides with what differs on purpose taken out: nothing else may differ.

use crate::deviations::Difference;
use serde_json::Value;

/// Whether both sides agree where the recording says that a signature is random: `signatures.rs` verifies those.
pub(crate) fn agree_but_for_a_random_signature(line: &Value, recorded: &Value, ours: &Value) -> bool {
    let random = line["nondeterministic"].to_string().contains("randomized_signature");
    random && without_signatures(recorded) == without_signatures(ours)
}

/// A renewal that presents an assertion; a refresh token that nothing redeems stays where it was.
pub(crate) fn assertion_made_anew(difference: &Difference<'_>) -> bool {
    let Some(stored) = difference.line["input"]["credentials"]["assertion"].as_str() else { return false };
    let (mut recorded, mut ours) = (difference.recorded.clone(), difference.ours.clone());
    let made = change(&mut ours, &mut |text| is_jwt(text).then(|| stored.to_owned()));
    for side in [&mut recorded, &mut ours] {
        side.as_object_mut().and_then(|side| side.remove("refresh"));
    }
    difference.line["flow"] == "two_step_refresh" && made && recorded == ours
}

/// The recorded client declared JSON a form where no content type was given.
pub(crate) fn type_of_a_json_login(difference: &Difference<'_>) -> bool {
    let (mut recorded, mut ours) = (difference.recorded.clone(), difference.ours.clone());
    let requests = "/requests";
    let before = recorded.pointer_mut(requests).and_then(Value::as_array_mut);
    let Some((before, after)) = before.zip(ours.pointer_mut(requests).and_then(Value::as_array_mut)) else {
        return false;
    };
    let mut found = false;
    for (before, after) in before.iter_mut().zip(after) {
        let (was, is) = (&mut before["headers"]["content-type"], &mut after["headers"]["content-type"]);
        if *was == "application/x-www-form-urlencoded" && *is == "application/json" {
            (*was, *is) = (Value::Null, Value::Null);
            found = before["body"].is_object();
        }
    }
    found && recorded == ours
}

/// Both of a session's headers, and nothing else that was not recorded.
pub(crate) fn session_placed(difference: &Difference<'_>) -> bool {
    let mut ours = difference.ours.clone();
    let Some(headers) = ours.pointer_mut("/headers").and_then(Value::as_object_mut) else { return false };
    let placed = headers.remove("sessionid").is_some() && headers.remove("devkey").is_some();
    if difference.recorded["headers"].get("content-type").is_none() {
        // The recording stops before the client adds it.
        headers.remove("content-type");
    }
    placed && difference.line["auth_mode"] == "BILL" && ours == difference.recorded
}

fn without_signatures(side: &Value) -> Value {
    let mut side = side.clone();
    change(&mut side, &mut |text| is_jwt(text).then(|| text.rsplit_once('.').unwrap_or_default().0.to_owned()));
    side
}

fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() == 3
}

/// Changes texts, wherever they stand; whether any was changed.
fn change(value: &mut Value, to: &mut dyn FnMut(&str) -> Option<String>) -> bool {
    let inner: Vec<&mut Value> = match value {
        Value::String(text) => {
            let new = to(text);
            let changed = new.is_some();
            if let Some(new) = new {
                *text = new;
            }
            return changed;
        }
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(members) => members.values_mut().collect(),
        _ => return false,
    };
    let mut changed = false;
    for value in inner {
        changed |= change(value, to);
    }
    changed
}
