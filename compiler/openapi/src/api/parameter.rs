//! Parameters, in both versions' spelling.

use super::version::Version;
use crate::read::At;
use crate::report::{Finding, Rule};

/// Parameters of an operation that are looked at. The most that is known is 120.
const MAX_PARAMETERS: usize = 1_000;

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentIn {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// The spelling of a list or an object in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `a=1&a=2`
    Repeat,
    /// `a=1,2`
    Comma,
    /// `a=1%202`
    Space,
    /// `a=1|2`
    Pipe,
    /// `a[b]=1`
    DeepObject,
    /// As JSON text, or another media type.
    Content,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter<'d> {
    /// The name on the wire.
    pub name: &'d str,
    /// Where it is sent.
    pub place: SentIn,
    /// True if no request goes without it.
    pub is_required: bool,
    /// True if its value keeps its slashes.
    pub keeps_slashes: bool,
    /// The spelling of lists and objects.
    pub style: Style,
    /// The schema; in Swagger 2.0 the parameter itself is one.
    pub schema: Option<At<'d>>,
    /// Where it stands.
    pub at: At<'d>,
}

/// The parameters of an operation: its own, and those of the path that it does not replace. References are followed.
pub(super) fn merged<'d>(item: &At<'d>, at: &At<'d>, findings: &mut Vec<Finding>) -> Vec<At<'d>> {
    let mut merged: Vec<At<'d>> = Vec::new();
    for holder in [item, at] {
        for parameter in holder.get("parameters").iter().flat_map(At::items).take(MAX_PARAMETERS) {
            let parameter = match parameter.resolved() {
                Ok(parameter) => parameter,
                Err(broken) => {
                    findings.push(Finding::new(Rule::BrokenReference, &parameter, broken.0));
                    continue;
                }
            };
            let key = |at: &At<'d>| (at.text("name"), at.text("in"));
            match merged.iter_mut().find(|other| key(other) == key(&parameter)) {
                Some(other) => *other = parameter,
                None => merged.push(parameter),
            }
        }
    }
    merged
}

/// A parameter; `None` for what is a body, or is sent nowhere.
pub(super) fn read(at: At<'_>, version: Version) -> Option<Parameter<'_>> {
    let place = match at.text("in")? {
        "path" => SentIn::Path,
        "query" => SentIn::Query,
        "header" => SentIn::Header,
        "cookie" => SentIn::Cookie,
        _ => return None,
    };
    let (style, schema) = match version {
        Version::Two => (collection(&at), Some(at.clone())),
        Version::Three if at.get("content").is_some() => (Style::Content, None),
        Version::Three => (style(&at, place), at.get("schema")),
    };
    Some(Parameter {
        name: at.text("name")?,
        place,
        is_required: at.flag("required"),
        keeps_slashes: at.flag("x-multi-segment"),
        style,
        schema,
        at,
    })
}

/// OpenAPI 3.0, Parameter Object: a list is repeated unless `explode` is false.
fn style(at: &At<'_>, place: SentIn) -> Style {
    let explodes = at.get("explode").map(|explode| explode.value == &serde_json::Value::Bool(true));
    match at.text("style") {
        Some("deepObject") => Style::DeepObject,
        Some("spaceDelimited") if explodes != Some(true) => Style::Space,
        Some("pipeDelimited") if explodes != Some(true) => Style::Pipe,
        _ if place == SentIn::Query && explodes == Some(false) => Style::Comma,
        _ => Style::Repeat,
    }
}

/// Swagger 2.0, `collectionFormat`: commas unless it says otherwise.
fn collection(at: &At<'_>) -> Style {
    match at.text("collectionFormat") {
        Some("multi") => Style::Repeat,
        Some("ssv") => Style::Space,
        Some("pipes") => Style::Pipe,
        _ => Style::Comma,
    }
}
