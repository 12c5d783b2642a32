//! A list of three pages, by the entry's rule: the last one is empty, or has no next.

use crate::check::{Checks, RefusalKind};
use crate::crypto;
use crate::path;
use crate::request::ReceivedRequest;
use crate::{answer, crypto::hex};
use bytes::Bytes;
use http::Response;
use keyway_spec::Paginate;
use keyway_spec::proxy::{LinkPart, MoreForm, OffsetCount, PaginateKind};
use serde_json::{Value, json};

/// The items of a page where the caller names no number.
const PAGE_SIZE: i64 = 2;

/// The most items of a page.
const MAX_PAGE_SIZE: i64 = 100;

/// The number of pages.
const PAGES: u8 = 3;

/// The parameter that the URL of a next page carries.
const PAGE: &str = "keyway_page";

/// The progress of a walk through the pages.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pages {
    /// The last page that was answered.
    pub(crate) last: u8,
}

/// The page that a request asks for, with what is wrong with it.
pub(crate) fn number(rule: Option<&Paginate>, received: &ReceivedRequest) -> Result<u8, String> {
    let Some(rule) = rule else { return Ok(1) };
    let query = received.query();
    let sent = |name: &str| query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let all = 1..=PAGES;
    match rule.kind {
        PaginateKind::LinkHeader { .. } | PaginateKind::LinkBody { .. } => match sent(PAGE) {
            None => Ok(1),
            Some(text) => all.clone().find(|page| page.to_string() == text).ok_or_else(|| format!("no page `{text}`")),
        },
        PaginateKind::Cursor { name, .. } | PaginateKind::HeaderCursor { name, .. } => {
            let header = received.header(name);
            match if rule.cursor_in_header { header.as_deref() } else { sent(name) } {
                None => Ok(1),
                Some(text) => {
                    all.clone().find(|page| cursor(*page) == text).ok_or_else(|| "a cursor of no page".to_owned())
                }
            }
        }
        PaginateKind::LastItem { name, .. } => match sent(name) {
            None => Ok(1),
            Some(text) => all
                .clone()
                .find(|page| text.starts_with(&format!("item-{}-", page.saturating_sub(1))))
                .ok_or_else(|| "an item of no page".to_owned()),
        },
        PaginateKind::Offset { name, start, count } => {
            let Some(text) = sent(name) else { return Ok(1) };
            let step = step(rule, count, received);
            let of_page = |page: u8| start.saturating_add(step.saturating_mul(i64::from(page) - 1)).to_string();
            all.clone().find(|page| of_page(*page) == text).ok_or_else(|| {
                let expected: Vec<String> = all.clone().map(of_page).collect();
                format!("`{name}` is `{text}`, and pages begin at {}", expected.join(", "))
            })
        }
    }
}

/// Checks that a page comes after the one before it.
pub(crate) fn examine(checks: &mut Checks, pages: Pages, rule: Option<&Paginate>, received: &ReceivedRequest) {
    checks.unless(rule.is_some(), RefusalKind::Status(404), "`paginate`", "a rule in the entry", "none");
    match number(rule, received) {
        Ok(page) => {
            let ok = page == 1 || page == pages.last + 1;
            let expected = format!("1 or {}", pages.last + 1);
            checks.note(ok, RefusalKind::Status(400), "the page", expected, page.to_string());
        }
        Err(problem) => {
            checks.note(false, RefusalKind::Status(400), "the page", "one that was told", problem);
        }
    }
}

/// The answer with a page.
pub(crate) fn page(rule: &Paginate, page: u8, received: &ReceivedRequest, base: &str) -> Response<Bytes> {
    let is_last = page == PAGES;
    let by_item = matches!(rule.kind, PaginateKind::Cursor { path, .. } if path.contains("-1"));
    // Where a page says how many there are, none is asked for behind the last one.
    let ends_empty = by_item
        || rule.page_count.is_none()
            && matches!(rule.kind, PaginateKind::Offset { .. } | PaginateKind::LastItem { .. });
    // Where the offset grows by the size, a page may fall short of it.
    let fall_short = i64::from(rule.offset_step.is_some());
    let full = (size(rule, received) - fall_short).max(1);
    let count = if is_last { i64::from(!ends_empty) } else { full };
    let item = |at: i64| {
        let (name, mut item) = (format!("item-{page}-{at}"), json!({}));
        let at = if let PaginateKind::LastItem { path, .. } = rule.kind { path } else { "id" };
        path::set(&mut item, at, name.into());
        item
    };
    let mut body = body(rule, (0..count).map(item).collect());
    if let Some(at) = rule.offset_step {
        path::set(&mut body, at, size(rule, received).into());
    }
    if let Some(at) = rule.more.filter(|_| !(is_last && rule.cursor_may_be_absent)) {
        path::set(&mut body, at, more(rule.more_form, is_last));
    }
    if let Some(at) = rule.page_count {
        path::set(&mut body, at, PAGES.into());
    }
    let next = || {
        let limit = rule.limit_name.and_then(|name| received.query().into_iter().find(|(own, _)| own == name));
        let limit = limit.map(|(name, value)| format!("&{}={}", crypto::percent(&name), crypto::percent(&value)));
        let at = match rule.link_part {
            LinkPart::Whole => format!("{}/keyway-simulator/items", base.trim_end_matches('/')),
            // The query alone may be followed.
            LinkPart::Query => "https://site.invalid/elsewhere".to_owned(),
        };
        format!("{at}?{PAGE}={}{}", page + 1, limit.unwrap_or_default())
    };
    match rule.kind {
        PaginateKind::LinkHeader { rel } if !is_last || !rule.link_if.is_empty() => {
            let wanted = rule.link_if.iter().map(|(name, value)| {
                // A link that does not count has another value.
                let not = if is_last { "not-" } else { "" };
                format!("; {name}=\"{not}{value}\"")
            });
            let link = format!("<{}>; rel=\"{rel}\"{}", next(), wanted.collect::<String>());
            return answer::with_header(answer::json(200, &body), "link", &link);
        }
        PaginateKind::LinkBody { path } if !is_last => path::set(&mut body, path, next().into()),
        PaginateKind::Cursor { path, .. } if !is_last => path::set(&mut body, path, cursor(page + 1).into()),
        // What asks for the next page is left out of the last one, or says that there is none.
        PaginateKind::LinkBody { .. } | PaginateKind::Cursor { .. } if rule.cursor_may_be_absent => {}
        PaginateKind::LinkBody { path } => path::set(&mut body, path, Value::Null),
        PaginateKind::Cursor { path, .. } if !by_item => path::set(&mut body, path, Value::Null),
        PaginateKind::HeaderCursor { header, .. } if !is_last => {
            return answer::with_header(answer::json(200, &body), header, &cursor(page + 1));
        }
        PaginateKind::LinkHeader { .. }
        | PaginateKind::Cursor { .. }
        | PaginateKind::HeaderCursor { .. }
        | PaginateKind::LastItem { .. }
        | PaginateKind::Offset { .. } => {}
    }
    answer::json(200, &body)
}

/// The list where the entry says it is. Where it is the whole body, an object can hold no more than it.
fn body(rule: &Paginate, items: Vec<Value>) -> Value {
    let items = Value::Array(items);
    let beside = match rule.kind {
        PaginateKind::LinkBody { path } | PaginateKind::Cursor { path, .. } => !path.starts_with(['[', '0', '-']),
        PaginateKind::LinkHeader { .. }
        | PaginateKind::LastItem { .. }
        | PaginateKind::HeaderCursor { .. }
        | PaginateKind::Offset { .. } => rule.more.is_some() || rule.offset_step.is_some() || rule.page_count.is_some(),
    };
    let at = match rule.response_path {
        None | Some("") if beside => "data",
        None | Some("") => return items,
        Some(at) => at,
    };
    let mut body = json!({});
    path::set(&mut body, at, items);
    body
}

/// The value that says whether the list goes on.
fn more(form: MoreForm, is_last: bool) -> Value {
    match form {
        MoreForm::Boolean => (!is_last).into(),
        MoreForm::Present if is_last => "".into(),
        MoreForm::Present => "/keyway-simulator/more".into(),
    }
}

fn size(rule: &Paginate, received: &ReceivedRequest) -> i64 {
    let query = received.query();
    let limit = rule.limit_name.and_then(|name| query.iter().find(|(own, _)| own == name));
    let limit = limit.and_then(|(_, value)| value.parse().ok());
    limit.unwrap_or(PAGE_SIZE).clamp(1, MAX_PAGE_SIZE)
}

fn step(rule: &Paginate, count: OffsetCount, received: &ReceivedRequest) -> i64 {
    match (rule.offset_step, count) {
        (Some(_), _) | (None, OffsetCount::Items) => size(rule, received),
        (None, OffsetCount::Pages) => 1,
    }
}

/// The cursor of a page; nobody can count with it.
fn cursor(page: u8) -> String {
    let digest = hex(&crypto::sha256(&[page]));
    digest.get(..16).unwrap_or_default().to_owned()
}
