//! The facts of calls: where they go, what they carry, how lists continue.
//!
//! When a call is tried again and how a credential is proved are compared as wholes: they are not part of a call.

use super::ChangeKind;
use super::facts::{Fact, Facts, Seen};
use super::template::{holds_credential, value_holds_credential};
use keyway_spec::proxy::{LinkPart, MoreForm, PaginateKind, Proxy, Retry};
use keyway_spec::{Auth, Mode, Paginate};

/// Adds them.
pub(super) fn facts(facts: &mut Facts<'_, '_>, auth: &Auth, proxy: &Proxy) {
    let Proxy {
        base_url,
        headers,
        query,
        body,
        decompress,
        forward_headers_on_redirect,
        retry,
        errors,
        paginate,
        verification,
    } = proxy;
    facts.add(
        (ChangeKind::UrlChanged, ChangeKind::UrlChanged),
        &["proxy", "base_url"],
        "`proxy.base_url`".to_owned(),
        Seen::Base(*base_url),
    );
    for (name, template) in *headers {
        let fact = sent("headers", name, &format!("the header `{name}`"), Seen::Template(*template));
        let is_credential = holds_credential(template);
        // It replaces what the mode would send.
        let replaces = *name == "authorization" || is_credential && auth.kind() == Mode::TwoStep;
        let added = if replaces { ChangeKind::TokenPlacementChanged } else { ChangeKind::HeaderAdded };
        facts.all.push(Fact { changed: ChangeKind::HeaderChanged, added, is_credential, ..fact });
    }
    for (name, template) in *query {
        let fact = sent("query", name, &format!("the query parameter `{name}`"), Seen::Template(*template));
        let is_credential = holds_credential(template);
        facts.all.push(Fact {
            changed: ChangeKind::QueryChanged,
            added: ChangeKind::QueryAdded,
            is_credential,
            ..fact
        });
    }
    for entry in *body {
        let what = format!("the member `{}` of bodies", entry.name);
        let fact = sent("body", entry.name, &what, Seen::Value(entry.value, false));
        let is_credential = value_holds_credential(&entry.value);
        facts.all.push(Fact { changed: ChangeKind::BodyChanged, added: ChangeKind::BodyAdded, is_credential, ..fact });
    }
    for (key, is_on, what) in [
        ("decompress", decompress, "decompression of responses"),
        ("forward_headers_on_redirect", forward_headers_on_redirect, "forwarding of headers on a redirect"),
    ] {
        if *is_on {
            let kinds = (ChangeKind::ResponseChanged, ChangeKind::Changed);
            facts.add(kinds, &["proxy", key], format!("the {what}"), Seen::Word("true".to_owned()));
        }
    }
    retries(facts, retry);
    facts.whole(ChangeKind::ResponseChanged, &["keyway", "errors"], errors);
    facts.whole(ChangeKind::VerificationChanged, &["proxy", "verification"], verification);
    if let Some(paginate) = paginate {
        pages(facts, paginate);
    }
}

fn retries(facts: &mut Facts<'_, '_>, retry: &Retry) {
    let Retry { at, at_unit, after, after_unit, remaining, error_code, in_body, wait, limits } = retry;
    let declared = (at, after, remaining, error_code, in_body);
    facts.whole(ChangeKind::RetryChanged, &["proxy", "retry"], &declared);
    facts.whole(ChangeKind::RetryChanged, &["keyway", "retry"], &(at_unit, after_unit, in_body, wait));
    facts.whole(ChangeKind::RetryChanged, &["keyway", "limits"], limits);
}

fn sent(map: &str, name: &str, what: &str, seen: Seen) -> Fact {
    let path = ["proxy", map, name].map(str::to_owned).to_vec();
    let (changed, added) = (ChangeKind::Changed, ChangeKind::Changed);
    Fact { path, what: what.to_owned(), seen, changed, added, is_credential: false }
}

fn pages(facts: &mut Facts<'_, '_>, paginate: &Paginate) {
    let Paginate {
        kind,
        limit_name,
        response_path,
        more,
        more_form,
        page_count,
        link_if,
        link_part,
        cursor_in_header,
        offset_step,
        cursor_may_be_absent,
    } = paginate;
    let kinds = (ChangeKind::PaginationChanged, ChangeKind::PaginationAdded);
    let mut word = |key: &str, value: String| {
        // A key of `proxy.paginate` may stand in `keyway.paginate` too.
        let own = OWN_PAGES.contains(&key);
        let is_over = own || (key != "type" && facts.side.get(&["keyway", "paginate", key]).is_some());
        let path = [if is_over { "keyway" } else { "proxy" }, "paginate", key];
        let what = format!("`{}.paginate.{key}`", if own { "keyway" } else { "proxy" });
        facts.add(kinds, &path, what, Seen::Word(value));
    };
    let name_key = if *cursor_in_header { "cursor_header_in_request" } else { "cursor_name_in_request" };
    match *kind {
        PaginateKind::LinkHeader { rel } => {
            word("type", "link".to_owned());
            word("link_rel_in_response_header", rel.to_owned());
        }
        PaginateKind::LinkBody { path } => {
            word("type", "link".to_owned());
            word("link_path_in_response_body", path.to_owned());
        }
        PaginateKind::Cursor { name, path } => {
            word("type", "cursor".to_owned());
            word(name_key, name.to_owned());
            word("cursor_path_in_response", path.to_owned());
        }
        PaginateKind::LastItem { name, path } => {
            word("type", "cursor".to_owned());
            word(name_key, name.to_owned());
            word("last_item", path.to_owned());
        }
        PaginateKind::HeaderCursor { name, header } => {
            word("type", "cursor".to_owned());
            word(name_key, name.to_owned());
            word("cursor_header_in_response", header.to_owned());
        }
        PaginateKind::Offset { name, start, count } => {
            word("type", "offset".to_owned());
            word("offset_name_in_request", name.to_owned());
            word("offset_start_value", start.to_string());
            word("offset_calculation_method", count.name().to_owned());
        }
    }
    if let Some(name) = limit_name {
        word("limit_name_in_request", (*name).to_owned());
    }
    for (key, path) in [("more", more), ("page_count", page_count), ("offset_step", offset_step)] {
        if let Some(path) = path {
            word(key, (*path).to_owned());
        }
    }
    if *more_form != MoreForm::Boolean {
        word("more_form", more_form.name().to_owned());
    }
    if *link_part != LinkPart::Whole {
        word("link_part", link_part.name().to_owned());
    }
    if !link_if.is_empty() {
        let parameters: Vec<String> = link_if.iter().map(|(name, value)| format!("{name}={value}")).collect();
        word("link_if", parameters.join(" "));
    }
    if *cursor_may_be_absent {
        word("cursor_may_be_absent", true.to_string());
    }
    word("response_path", response_path.unwrap_or_default().to_owned());
}

/// The keys that `keyway.paginate` alone has.
const OWN_PAGES: [&str; 10] = [
    "last_item",
    "cursor_header_in_response",
    "cursor_header_in_request",
    "more",
    "more_form",
    "page_count",
    "link_if",
    "link_part",
    "offset_step",
    "cursor_may_be_absent",
];
