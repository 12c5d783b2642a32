//! Answers of a login, as values: JSON, XML where the entry speaks it, else the text itself.

use super::xml;
use crate::auth::exchange::Answer;
use crate::auth::token_response::refused;
use crate::error::Result;
use crate::json;
use keyway_spec::auth::BodyFormat;
use serde_json::Value;

/// The value of an answer; an error for any status but 200 and 201.
pub(super) fn read(answer: &Answer, format: BodyFormat) -> Result<Value> {
    let body = answer.body.expose().trim_start_matches('\u{feff}').trim();
    let value = if format == BodyFormat::Xml && body.starts_with('<') {
        xml::read(body)
    } else {
        Ok(json::exact(body).unwrap_or_else(|_| Value::from(body)))
    };
    if !matches!(answer.status, 200 | 201) {
        return Err(refused(answer, value.as_ref().ok().and_then(Value::as_object), "the login was refused"));
    }
    value.map_err(|reason| refused(answer, None, &format!("the login was answered with unusable XML: {reason}")))
}
