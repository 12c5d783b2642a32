//! The values that an entry writes for a request, a registration or a claim: its tree with its texts evaluated.
//!
//! A leaf whose optional value the customer left out is left out too; any other missing value is an error, because text
//! like `${credentials.x}` would be sent as a password.

use crate::auth::token_request::{Parameters, text};
use crate::error::Result;
use crate::inputs::Inputs;
use crate::template::{Scope, Text, evaluate};
use keyway_spec::{Entry, Value};
use serde_json::{Map, Value as Json};

impl Parameters {
    /// Sets the entry's own parameters but those whose optional value the customer left out. Any other that is missing
    /// is an error: sent literally it would mean nothing.
    pub(crate) fn set_all(&mut self, entries: &[Entry], inputs: &Inputs<'_>, scope: &Scope<'_>) -> Result<()> {
        for entry in entries {
            if let Some(value) = value(inputs, scope, &entry.value)? {
                self.set(entry.name, value);
            }
        }
        Ok(())
    }
}

/// The members, in the entry's order.
pub(super) fn object(inputs: &Inputs<'_>, scope: &Scope<'_>, entries: &[Entry]) -> Result<Map<String, Json>> {
    let mut members = Map::new();
    for entry in entries {
        if let Some(value) = value(inputs, scope, &entry.value)? {
            members.insert(entry.name.to_owned(), value);
        }
    }
    Ok(members)
}

/// A value; `None` where it is one that the customer may leave out, and did. Its depth is the compiler's business.
pub(super) fn value(inputs: &Inputs<'_>, scope: &Scope<'_>, given: &Value) -> Result<Option<Json>> {
    Ok(Some(match given {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::from(*value),
        Value::Integer(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::Text(template) => match evaluate(template, scope)? {
            Text::Resolved(text) => Json::from(text),
            Text::Unresolved(name) if inputs.may_be_missing(name) => return Ok(None),
            Text::Unresolved(_) => Json::from(text(template, scope)?),
        },
        Value::Map(entries) => Json::Object(object(inputs, scope, entries)?),
        Value::List(items) => {
            let mut list = Vec::with_capacity(items.len());
            for item in *items {
                list.extend(value(inputs, scope, item)?);
            }
            Json::Array(list)
        }
    }))
}
