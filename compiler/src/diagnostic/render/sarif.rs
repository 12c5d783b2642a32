//! One SARIF document (OASIS, version 2.1.0), for code scanning.
//!
//! All findings of a run are one result list, so the caller collects them first. Lines and columns count from 1,
//! columns in characters (`unicodeCodePoints`), a byte-order mark not counted (section 3.30.1). The rules that found
//! something are listed with their names, so that a viewer can group by them. A path is written as it was given.

use super::message;
use crate::diagnostic::{Diagnostic, Fix, Rule, Severity};
use crate::source::{Sources, Span};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

/// Where the schema of version 2.1.0 stands.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The program that found something.
#[derive(Clone, Copy, Debug)]
pub struct Tool<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its version, as semantic versioning writes one.
    pub version: &'a str,
    /// Where one reads about it: an absolute URI.
    pub uri: &'a str,
}

/// The document of some findings, in their order, with a line break at its end.
pub fn render<'d>(found: impl IntoIterator<Item = &'d Diagnostic>, sources: &Sources, tool: Tool<'_>) -> String {
    let mut rules: Vec<&'static Rule> = Vec::new();
    let mut results: Vec<Value> = Vec::new();
    for diagnostic in found {
        let at = rules.iter().position(|rule| rule.code == diagnostic.rule.code).unwrap_or_else(|| {
            rules.push(diagnostic.rule);
            rules.len() - 1
        });
        results.push(result(diagnostic, at, sources));
    }
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": tool.name,
                "semanticVersion": tool.version,
                "informationUri": tool.uri,
                "rules": rules.into_iter().map(descriptor).collect::<Value>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{document:#}\n")
}

fn descriptor(rule: &'static Rule) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.name },
        "defaultConfiguration": { "level": level(rule.severity) },
    })
}

fn result(diagnostic: &Diagnostic, rule: usize, sources: &Sources) -> Value {
    let mut location = Map::new();
    location.extend(physical(diagnostic.primary.span, sources));
    if !diagnostic.path.is_empty() {
        location.insert("logicalLocations".into(), json!([{ "fullyQualifiedName": diagnostic.path.join(".") }]));
    }
    let mut result = Map::new();
    result.insert("ruleId".into(), diagnostic.rule.code.into());
    result.insert("ruleIndex".into(), rule.into());
    result.insert("level".into(), level(diagnostic.severity).into());
    result.insert("message".into(), json!({ "text": message(diagnostic, ". ") }));
    result.insert("locations".into(), json!([location]));
    let related: Vec<Value> = diagnostic
        .secondary
        .iter()
        .filter_map(|label| {
            let (key, place) = physical(label.span, sources)?;
            Some(json!({ (key): place, "message": { "text": label.text } }))
        })
        .collect();
    if !related.is_empty() {
        result.insert("relatedLocations".into(), related.into());
    }
    if let Some(fix) = diagnostic.fix.as_ref().and_then(|fix| fix_of(fix, sources)) {
        result.insert("fixes".into(), json!([fix]));
    }
    result.into()
}

fn level(severity: Severity) -> &'static str {
    severity.as_str() // SARIF has the same three words (section 3.27.10).
}

fn physical(span: Span, sources: &Sources) -> Option<(String, Value)> {
    let file = sources.get(span.file)?;
    let place = json!({ "artifactLocation": { "uri": uri(&file.name) }, "region": region(span, sources)? });
    Some(("physicalLocation".to_owned(), place))
}

fn region(span: Span, sources: &Sources) -> Option<Value> {
    let file = sources.get(span.file)?;
    let (start, end) = (file.line_column(span.range().start), file.line_column(span.range().end));
    Some(json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }))
}

/// The edits, by file; nothing if one of them is in no file.
fn fix_of(fix: &Fix, sources: &Sources) -> Option<Value> {
    let mut changes: Vec<(&str, Vec<Value>)> = Vec::new();
    for edit in &fix.edits {
        let name = sources.get(edit.span.file)?.name.as_str();
        let replacement = json!({
            "deletedRegion": region(edit.span, sources)?,
            "insertedContent": { "text": edit.replacement },
        });
        match changes.iter_mut().find(|(file, _)| *file == name) {
            Some((_, replacements)) => replacements.push(replacement),
            None => changes.push((name, vec![replacement])),
        }
    }
    let changes: Value = changes
        .into_iter()
        .map(|(name, replacements)| json!({ "artifactLocation": { "uri": uri(name) }, "replacements": replacements }))
        .collect();
    Some(json!({ "description": { "text": fix.title }, "artifactChanges": changes }))
}

/// The characters that a path holds unencoded: unreserved characters and `/`. A colon would make a scheme of what is
/// before it.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// A path as a URI reference (RFC 3986 section 4.1): absolute ones as `file:`, relative ones as they are.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    format!("{scheme}{}", utf8_percent_encode(&path, PATH))
}
