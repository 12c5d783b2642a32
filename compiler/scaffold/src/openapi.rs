//! ApiFacts from an OpenAPI document: servers, security schemes, answers to too many requests, pages, a probe.
//!
//! Each is one pointer into the document. What many operations agree on (a parameter of pages, a header of limits) is a
//! guess with the number of them as its evidence.

mod servers;
mod signs;

use crate::facts::{ApiFacts, Fact, ListPages, PagingFact, Placement};
use keyway_openapi::api::{Api, Operation, SentIn, Version, api, security};
use keyway_openapi::pages;
use keyway_openapi::read::{At, Documents};
use keyway_spec::Mode;
use std::collections::BTreeMap;

/// The last segments of paths that describe the caller.
const PROBES: [&str; 10] =
    ["me", "self", "user", "whoami", "account", "current", "current_user", "profile", "viewer", "users/me"];
/// The most scopes that are taken.
const MAX_SCOPES: usize = 200;

/// The facts of a document. The error is a sentence.
pub fn facts(documents: &Documents) -> Result<ApiFacts, String> {
    let api = api(documents)?;
    let root = At::root(documents);
    let mut facts = ApiFacts {
        display_name: root.path(&["info"]).and_then(|info| text(&info, "title")),
        docs: root
            .path(&["externalDocs"])
            .and_then(|docs| text(&docs, "url"))
            .filter(|fact| fact.value.starts_with("https://")),
        ..ApiFacts::default()
    };
    servers::read(&root, &api, &mut facts);
    signs::read(&root, &api, &mut facts);
    limits(&api, &mut facts);
    facts.pages = paged(&api);
    facts.probe = probe(&api);
    servers::move_version(&mut facts);
    Ok(facts)
}

/// A text with its pointer.
fn text(at: &At<'_>, member: &str) -> Option<Fact<String>> {
    Some(Fact::read(at.text(member)?.to_owned(), format!("{}#{}/{member}", at.file_name(), at.pointer)))
}

/// Where something stands.
fn at(at: &At<'_>) -> String {
    format!("{}#{}", at.file_name(), at.pointer)
}

/// Headers of answers to too many requests.
fn limits(api: &Api<'_>, facts: &mut ApiFacts) {
    let limited =
        api.operations.iter().flat_map(|operation| &operation.answers).filter(|answer| answer.status == "429");
    for answer in limited {
        for name in &answer.headers {
            let fact = || Fact::read(name.clone(), format!("{}/headers", at(&answer.at)));
            let known = |list: &[Fact<String>]| list.iter().any(|fact| fact.value == *name);
            if (name == "retry-after" || name.ends_with("reset-after")) && !known(&facts.retry_after) {
                facts.retry_after.push(fact());
            } else if name.contains("reset") && !known(&facts.retry_at) && !known(&facts.retry_after) {
                let question = "is that an instant in seconds since 1970, or a number of seconds to wait?";
                facts.retry_at.push(fact().asking(question));
            }
        }
    }
}

/// The rule that most lists follow.
fn paged(api: &Api<'_>) -> Option<Fact<ListPages>> {
    let mut counted: BTreeMap<String, (usize, ListPages, String, String)> = BTreeMap::new();
    for operation in &api.operations {
        let Some((rule, evidence)) = pages::hint(operation) else { continue };
        let Some(rule) = rule_of(&rule) else { continue };
        let name = format!("{rule:?}");
        counted.entry(name).or_insert_with(|| (0, rule, evidence, at(&operation.at))).0 += 1;
    }
    let (count, rule, evidence, from) = counted.into_values().max_by_key(|(count, ..)| *count)?;
    let question = format!("do lists go on like this? {count} of the document's do: {evidence}");
    Some(Fact::read(rule, from).asking(question))
}

fn rule_of(arguments: &[(&'static str, String)]) -> Option<ListPages> {
    let said = |key: &str| arguments.iter().find(|(name, _)| *name == key).map(|(_, value)| value.clone());
    let rule = if said("link").is_some() {
        PagingFact::LinkHeader
    } else if let Some(path) = said("next") {
        PagingFact::LinkBody(path)
    } else if let (Some(name), Some(path)) = (said("cursor"), said("from")) {
        PagingFact::Cursor { name, path }
    } else if let Some(name) = said("offset") {
        PagingFact::Offset { name, pages: false }
    } else {
        PagingFact::Offset { name: said("page")?, pages: true }
    };
    Some(ListPages { rule, limit: said("limit"), items: said("items") })
}

/// A read without parameters that describes the caller.
fn probe(api: &Api<'_>) -> Option<Fact<String>> {
    let fits = |operation: &&Operation<'_>| {
        operation.verb == "get"
            && !operation.is_deprecated
            && !operation.path.contains('{')
            && operation.parameters.iter().all(|parameter| parameter.place != SentIn::Query || !parameter.is_required)
    };
    let rank = |operation: &Operation<'_>| {
        let path = operation.path.trim_end_matches('/');
        let position =
            PROBES.iter().position(|probe| path == format!("/{probe}") || path.ends_with(&format!("/{probe}")))?;
        Some((position, path.len()))
    };
    let best =
        api.operations.iter().filter(fits).filter_map(|one| Some((rank(one)?, one))).min_by_key(|(rank, _)| *rank);
    let (_, operation) = best?;
    let question = "does it fail with a wrong credential, and may every key read it?";
    Some(Fact::read(operation.path.to_owned(), at(&operation.at)).asking(question))
}
