//! How a list continues: from a rule, a call and its answer to the page's items and the call for the next page.
//!
//! A walk ends where the upstream names no further page: no link, an absent, empty or blank cursor, an empty page (of a
//! cursor or offset), a page shorter than the limit that was asked for, a link to the page itself. Every page is asked
//! for once: a link or cursor that was followed before is an error, and so is a page over the bound. What was read until
//! then is given first.
//!
//! Pure. Absent here: sending, and whether a link may be followed ([`crate::egress`]).

mod link;
mod parameter;
mod rule;

pub use link::target as link_target;
pub use rule::{Kind, Paginate};

use crate::error::{Error, ErrorKind, Result};
use crate::request::Call;
use http::HeaderMap;
use keyway_spec::proxy::OffsetCount;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use url::Url;

/// How many pages are read when nobody set another bound.
pub const DEFAULT_MOST_PAGES: usize = 10_000;

/// A walk over the pages of one list.
pub struct Walk {
    rule: Paginate,
    limit: Option<u64>,
    most: usize,
    pages: usize,
    /// The number of the page that is asked for, or of its first item.
    offset: i64,
    /// Links and cursors that were followed.
    followed: BTreeSet<String>,
}

/// A page that was read.
pub struct Page {
    /// Its items.
    pub items: Vec<Value>,
    /// The call for the next one; `None` at the end, an error where the list goes on and cannot be followed.
    pub next: Result<Option<Next>>,
}

/// How the next page is asked for.
#[derive(Clone, Debug)]
pub enum Next {
    /// By the same call with another parameter.
    Call(Call),
    /// By a URL that the upstream named, already absolute. Whoever follows it checks where it leads.
    Link(LinkTo),
}

/// A URL that the upstream named. It may carry a secret: `Debug` shows its host only.
#[derive(Clone)]
pub struct LinkTo(pub Url);

impl Walk {
    /// A walk by a rule. `limit` is the size of the pages, `most` how many are read at most.
    pub fn new(rule: Paginate, limit: Option<u64>, most: usize) -> Walk {
        Walk { rule, limit, most, pages: 0, offset: 0, followed: BTreeSet::new() }
    }

    /// The call for the first page: the caller's, with the limit and the start where the rule has them.
    pub fn first(&mut self, mut call: Call) -> Result<Call> {
        let place = parameter::Place::of(&self.rule, &call);
        if let Some(limit) = self.limit {
            let Some(name) = &self.rule.limit_name else {
                let message = "the provider's pagination rule names no parameter for the page size: set it as a query \
                    parameter, and leave the limit out";
                return Err(Error::new(ErrorKind::InvalidRequest, message).sent(false));
            };
            parameter::set(&mut call, place, name, limit.into())?;
        }
        if let Kind::Offset { name, start, .. } = &self.rule.kind {
            // A caller who names a start of his own goes on from there.
            self.offset = parameter::number(&call, place, name).unwrap_or(*start);
            parameter::set(&mut call, place, name, self.offset.into())?;
        }
        Ok(call)
    }

    /// Reads a page: `call` is the one that asked for it, `url` where it came from.
    pub fn read(&mut self, call: &Call, url: &Url, headers: &HeaderMap, mut body: Value) -> Result<Page> {
        self.pages += 1;
        let next = match &self.rule.kind {
            Kind::LinkHeader { rel } => Named::Link(link::target(headers, rel)),
            Kind::LinkBody { path } => Named::Link(at(&body, path).and_then(Value::as_str).map(str::to_owned)),
            Kind::Cursor { path, .. } => Named::Cursor(at(&body, path).and_then(cursor)),
            Kind::Offset { .. } => Named::Nothing,
        };
        let items = items(&mut body, self.rule.response_path.as_deref())?;
        let next = self.next(call, url, next, items.len());
        let next = next.and_then(|next| if next.is_some() { self.bounded(next) } else { Ok(None) });
        Ok(Page { items, next })
    }

    fn next(&mut self, call: &Call, url: &Url, named: Named, count: usize) -> Result<Option<Next>> {
        if let Named::Link(link) = named {
            return self.follow(url, link.as_deref().map(str::trim).filter(|link| !link.is_empty()));
        }
        if count == 0 {
            return Ok(None);
        }
        let (name, value) = match (&self.rule.kind, named) {
            (Kind::Cursor { name, .. }, Named::Cursor(Some(cursor))) => (name, cursor),
            (Kind::Offset { name, count: by, .. }, _) => {
                if self.limit.is_some_and(|limit| u64::try_from(count).is_ok_and(|count| count < limit)) {
                    return Ok(None);
                }
                let step = match by {
                    OffsetCount::Items => i64::try_from(count).ok(),
                    OffsetCount::Pages => Some(1),
                };
                let next = step.and_then(|step| self.offset.checked_add(step));
                self.offset = next.ok_or_else(|| broken("the offset of the next page is too large"))?;
                (name, self.offset.into())
            }
            _ => return Ok(None),
        };
        if matches!(self.rule.kind, Kind::Cursor { .. }) && !self.followed.insert(value.to_string()) {
            return Err(broken("the upstream names a cursor that was followed before: its pages go round"));
        }
        let mut next = call.clone();
        parameter::set(&mut next, parameter::Place::of(&self.rule, call), name, value)?;
        Ok(Some(Next::Call(next)))
    }

    fn follow(&mut self, page: &Url, link: Option<&str>) -> Result<Option<Next>> {
        let Some(link) = link else { return Ok(None) };
        let mut url = page.join(link).map_err(|_| broken("the upstream's link to the next page is not a URL"))?;
        url.set_fragment(None);
        if url == *page {
            return Ok(None);
        }
        self.followed.insert(page.to_string());
        if !self.followed.insert(url.to_string()) {
            return Err(broken("the upstream names a page that was read before: its links go round"));
        }
        Ok(Some(Next::Link(LinkTo(url))))
    }

    fn bounded(&self, next: Option<Next>) -> Result<Option<Next>> {
        if self.pages < self.most {
            return Ok(next);
        }
        let message =
            format!("the list goes on after {} pages, which is the bound: raise it with `max_pages`", self.most);
        Err(Error::new(ErrorKind::InvalidRequest, message).stage("response"))
    }
}

/// What a page says about the next one.
enum Named {
    Link(Option<String>),
    Cursor(Option<Value>),
    Nothing,
}

/// The list of a page. What is absent or `null` is empty.
fn items(body: &mut Value, path: Option<&str>) -> Result<Vec<Value>> {
    let list = match path {
        Some(path) => at_mut(body, path),
        None => Some(body),
    };
    match list.map(Value::take) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(broken(match path {
            Some(path) => format!("`{path}` of the page is not a list: correct the rule's `response_path`"),
            None => "the page is not a list: say where its list is with `response_path`".to_owned(),
        })),
    }
}

/// A cursor that leads on: a text that is not blank, or a number.
fn cursor(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Value::from),
        Value::Number(_) => Some(value.clone()),
        _ => None,
    }
}

/// The value at a dotted path. A name that holds dots itself (`@odata.nextLink`) is found as a whole.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    let (name, rest) = path.split_once('.')?;
    at(value.get(name)?, rest)
}

fn at_mut<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    match path.split_once('.') {
        Some((name, rest)) if value.get(path).is_none() => at_mut(value.get_mut(name)?, rest),
        _ => value.get_mut(path),
    }
}

fn broken(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidValue, message).stage("response").sent(true)
}

impl fmt::Debug for LinkTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}/..", self.0.scheme(), self.0.host_str().unwrap_or(""))
    }
}

impl fmt::Debug for Walk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Walk").field("rule", &self.rule).field("pages", &self.pages).finish_non_exhaustive()
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Page({} items)", self.items.len())
    }
}

#[cfg(test)]
mod tests;
