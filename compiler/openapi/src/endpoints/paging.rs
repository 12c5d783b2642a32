//! The pages of a list, in the keys of `proxy.paginate`.

use super::{EndpointContext, EndpointDraft};
use crate::api::Operation;
use crate::pages::{Paging, of_first_answer};
use crate::report::{Finding, Rule};
use keyway_spec::Paginate;
use keyway_spec::proxy::{OffsetCount, PaginateKind};

/// The pages of an endpoint, before they are written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PagesDraft {
    /// Those of the entry.
    OfEntry,
    /// Keys with their values, in order.
    Keys(Vec<(&'static str, String)>),
}

/// The rule of an operation, where it can be said; and the parameters that it sets.
pub(super) fn pages(
    operation: &Operation<'_>,
    context: &EndpointContext<'_>,
    draft: &mut EndpointDraft,
    findings: &mut Vec<Finding>,
) -> Vec<String> {
    let found = of_first_answer(operation);
    let Some(found) = found else { return Vec::new() };
    let Some(keys) = keys(&found) else {
        let message = format!("its pages ({}) are found in a way that entries have no key for", found.evidence);
        findings.push(Finding::new(Rule::NotInEntry, &operation.at, message));
        return Vec::new();
    };
    draft.items = said(&found, "items").map(str::to_owned);
    let of_entry = context.pages.is_some_and(|rule| of_rule(&rule) == keys);
    draft.paginate = Some(if of_entry { PagesDraft::OfEntry } else { PagesDraft::Keys(keys) });
    found.parameters
}

fn said<'p>(paging: &'p Paging<'_>, key: &str) -> Option<&'p str> {
    paging.rule.iter().find(|(name, _)| *name == key).map(|(_, value)| value.as_str())
}

/// The keys of a rule; `None` for one without a way on.
fn keys(paging: &Paging<'_>) -> Option<Vec<(&'static str, String)>> {
    let text = |key: &str| said(paging, key).map(str::to_owned);
    let mut keys = if said(paging, "link").is_some() {
        link("link_rel_in_response_header", "next".to_owned())
    } else if let Some(next) = text("next") {
        link("link_path_in_response_body", next)
    } else if let (Some(name), Some(path)) = (text("cursor"), text("from")) {
        cursor(name, "cursor_path_in_response", path)
    } else if let (Some(path), Some(name)) = (text("last"), text("as")) {
        cursor(name, "last_item", path)
    } else if let Some(name) = text("offset") {
        offset(name, 0, OffsetCount::Items)
    } else {
        offset(text("page")?, 1, OffsetCount::Pages)
    };
    keys.extend(text("limit").map(|limit| ("limit_name_in_request", limit)));
    keys.extend(text("more").map(|more| ("more", more)));
    Some(keys)
}

/// The keys of an entry's rule, without the place of its list.
fn of_rule(rule: &Paginate) -> Vec<(&'static str, String)> {
    let mut keys = match rule.kind {
        PaginateKind::LinkHeader { rel } => link("link_rel_in_response_header", rel.to_owned()),
        PaginateKind::LinkBody { path } => link("link_path_in_response_body", path.to_owned()),
        PaginateKind::Cursor { name, path } => cursor(name.to_owned(), "cursor_path_in_response", path.to_owned()),
        PaginateKind::LastItem { name, path } => cursor(name.to_owned(), "last_item", path.to_owned()),
        PaginateKind::HeaderCursor { name, header } => {
            cursor(name.to_owned(), "cursor_header_in_response", header.to_owned())
        }
        PaginateKind::Offset { name, start, count } => offset(name.to_owned(), start, count),
    };
    keys.extend(rule.limit_name.map(|limit| ("limit_name_in_request", limit.to_owned())));
    keys.extend(rule.more.map(|more| ("more", more.to_owned())));
    if rule.cursor_in_header {
        // A document is never read so.
        keys.push(("cursor_header_in_request", String::new()));
    }
    keys
}

fn link(key: &'static str, value: String) -> Vec<(&'static str, String)> {
    vec![("type", "link".to_owned()), (key, value)]
}

fn cursor(name: String, from: &'static str, value: String) -> Vec<(&'static str, String)> {
    vec![("type", "cursor".to_owned()), ("cursor_name_in_request", name), (from, value)]
}

fn offset(name: String, start: i64, count: OffsetCount) -> Vec<(&'static str, String)> {
    vec![
        ("type", "offset".to_owned()),
        ("offset_name_in_request", name),
        ("offset_start_value", start.to_string()),
        ("offset_calculation_method", count.name().to_owned()),
    ]
}
