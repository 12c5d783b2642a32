//! Which answer of a success a method reads, and as which media type.

use super::{essence, is_json_misspelt};
use crate::api::{DocumentAnswer, Operation};
use crate::read::At;

/// The answer that was chosen, by its media type.
pub(super) enum Chosen<'d> {
    Json(String, At<'d>),
    AnyJson,
    Text,
    Bytes,
    Redirect,
}

/// The answer of a success with a body, and how that is read; none where no success has a body.
pub(super) fn answer<'o, 'd>(operation: &'o Operation<'d>) -> (Option<&'o DocumentAnswer<'d>>, Option<Chosen<'d>>) {
    if operation.verb == "head" {
        return (None, None); // Whatever it describes is that of GET (RFC 9110 section 9.3.2).
    }
    let successes: Vec<&DocumentAnswer<'d>> = operation.answers.iter().filter(|answer| answer.is_success()).collect();
    let with_body = successes.iter().find(|answer| !answer.media.is_empty()).copied();
    let Some(answer) = with_body else {
        if successes.is_empty() && operation.answers.iter().any(DocumentAnswer::is_redirect) {
            return (None, Some(Chosen::Redirect));
        }
        let only = operation.answers.iter().find(|answer| answer.status == "default" && operation.answers.len() == 1);
        match only.filter(|only| successes.is_empty() && !only.media.is_empty()) {
            Some(only) => return (Some(only), Some(read_as(only))),
            None => return (successes.first().copied(), None),
        }
    };
    (Some(answer), Some(read_as(answer)))
}

fn read_as<'d>(answer: &DocumentAnswer<'d>) -> Chosen<'d> {
    let find = |is: &dyn Fn(&str) -> bool| answer.media.iter().find(|(media, _)| is(&essence(media)));
    let json = find(&|media| media == "application/json" || media == "*/*")
        .or_else(|| find(&|media| media.ends_with("+json") || media.ends_with("/json")))
        .or_else(|| find(&is_json_misspelt));
    if let Some((media, schema)) = json {
        let Some(at) = schema else { return Chosen::AnyJson };
        if essence(media) == "*/*" && at.text("type") == Some("string") || is_file(at) {
            return Chosen::Bytes;
        }
        return Chosen::Json(essence(media), at.clone());
    }
    let is_text = find(&|media| media.starts_with("text/") || media.contains("xml")).is_some();
    if is_text { Chosen::Text } else { Chosen::Bytes }
}

/// True for a file that the document describes as if it were JSON: `type: file` (Swagger 2.0), a format that says so,
/// or a media type without an encoding (JSON Schema 2020-12, as in OpenAPI 3.1).
pub(super) fn is_file(at: &At<'_>) -> bool {
    let Ok(at) = at.resolved() else { return false };
    let is_described = at.get("properties").is_some();
    let is_media = at.text("contentMediaType").is_some() && at.text("contentEncoding").is_none();
    at.text("type") == Some("file") || is_media || matches!(at.text("format"), Some("binary" | "file")) && !is_described
}
