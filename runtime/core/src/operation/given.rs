//! The values that a caller gives.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;

/// Values by name, in any order: JSON, or texts that are read by the kind of their parameter. `Debug` shows names only.
///
/// ```
/// # use keyway_core::operation::GivenValues;
/// # use serde_json::json;
/// let given = GivenValues::default().text("owner", "octocat").text("labels", "a").text("labels", "b");
/// let given = given.json("filter", json!({"state": "open"}));
/// assert_eq!(format!("{given:?}"), r#"{"filter", "labels", "owner"}"#);
/// ```
#[derive(Clone, Default)]
pub struct GivenValues(pub(super) BTreeMap<String, Vec<GivenValue>>);

/// One value.
#[derive(Clone)]
pub(super) enum GivenValue {
    /// To be read by the parameter's kind.
    Text(String),
    /// As it is.
    Json(Value),
}

impl GivenValues {
    /// Adds a text: an item of a list, or a whole value.
    #[must_use]
    pub fn text(self, name: impl Into<String>, text: impl Into<String>) -> GivenValues {
        self.with(name.into(), GivenValue::Text(text.into()))
    }

    /// Adds a JSON value: a whole one.
    #[must_use]
    pub fn json(self, name: impl Into<String>, value: Value) -> GivenValues {
        self.with(name.into(), GivenValue::Json(value))
    }

    fn with(mut self, name: String, value: GivenValue) -> GivenValues {
        self.0.entry(name).or_default().push(value);
        self
    }
}

impl From<Map<String, Value>> for GivenValues {
    fn from(members: Map<String, Value>) -> GivenValues {
        GivenValues(members.into_iter().map(|(name, value)| (name, vec![GivenValue::Json(value)])).collect())
    }
}

impl fmt::Debug for GivenValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
