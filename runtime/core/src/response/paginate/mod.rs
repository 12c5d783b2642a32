//! Pagination: from a rule, a call and its answer to the page's items and the call for the next page.
//!
//! A walk ends where the upstream names no further page: no link, no header with a cursor, a cursor that is absent,
//! `null`, `false` or blank, an empty page (of an offset), a page shorter than the limit after one that was full, a
//! link to the page itself, an empty page whose cursor is the one that asked for it. An empty page that names a next
//! one is no end. Where the rule has a value that says whether the list goes on, that decides; and counted pages end
//! with the last one where they say how many there are.
//!
//! A rule that leads nowhere is an error rather than the end, for a part of a list must not pass for the whole: a
//! cursor that the first page does not have, although it has items and is not known to be short; a next page of another
//! type than a text or a number ([`named`]); a `Link` header that cannot be read; a list that is not where the rule
//! says, while another one is there. Every page is asked for once: a link or cursor that was followed before is an
//! error, and so is a page over the bound. What was read until then is given first.
//!
//! Pure. Whether a link may be followed is decided where pages are requested (`client/pages/walker.rs`).

mod items;
mod link;
mod named;
mod overlay;
mod parameter;
mod rule;

pub use link::target as link_target;
pub use overlay::{KindOverlay, PaginateOverlay};
pub use rule::{Kind, Paginate};

use crate::error::{Error, ErrorKind, Result, Stage};
use crate::request::Call;
use http::HeaderMap;
use keyway_spec::proxy::{LinkPart, MoreForm, OffsetCount};
use named::Named;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt;
use url::Url;

/// The default bound on the number of pages.
pub const DEFAULT_MAX_PAGES: usize = 10_000;

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
    /// The cursor that asked for the page that is due.
    cursor: Option<Value>,
    /// True if a page had as many items as were asked for: then a shorter one is the last.
    full: bool,
}

/// A page that was read.
pub struct Page {
    /// Its items.
    pub items: Vec<Value>,
    /// The call for the next one; `None` at the end, an error where the list goes on and cannot be followed.
    pub next: Result<Option<Next>>,
}

/// The request for the next page.
#[derive(Clone, Debug)]
pub enum Next {
    /// By the same call with another parameter.
    Call(Box<Call>),
    /// By a URL that the upstream named, already absolute. The caller checks where it leads before following it.
    Link(LinkTo),
}

/// A URL that the upstream named. It may carry a secret: `Debug` shows its host only.
#[derive(Clone)]
pub struct LinkTo(pub Url);

impl Walk {
    /// A walk by a rule. `limit` is the size of the pages, `most` how many are read at most.
    pub fn new(rule: Paginate, limit: Option<u64>, most: usize) -> Walk {
        Walk { rule, limit, most, pages: 0, offset: 0, followed: BTreeSet::new(), cursor: None, full: false }
    }

    /// The call for the first page: the caller's, with the limit and the start where the rule has them.
    pub fn first(&mut self, mut call: Call) -> Result<Call> {
        let place = parameter::ParameterIn::of(&self.rule, &call);
        if let Some(limit) = self.limit {
            let Some(name) = &self.rule.limit_name else {
                let message = "the provider's pagination rule names no parameter for the page size: set it as a query \
                    parameter, and leave the limit out";
                return Err(Error::new(ErrorKind::InvalidRequest, message).sent(false));
            };
            parameter::set(&mut call, place, name, limit.into())?;
        }
        if let Kind::Offset { name, start, .. } = &self.rule.kind {
            // If the caller sets its own start, the walk continues from there.
            self.offset = parameter::number(&call, place, name).unwrap_or(*start);
            parameter::set(&mut call, place, name, self.offset.into())?;
        }
        Ok(call)
    }

    /// Reads a page: `call` is the one that asked for it, `url` where it came from.
    pub fn read(&mut self, call: &Call, url: &Url, headers: &HeaderMap, mut body: Value) -> Result<Page> {
        self.pages += 1;
        let next = match &self.rule.kind {
            Kind::LinkHeader { rel } => {
                link::next(headers, rel, &self.rule.link_if, url).map(|link| link.map_or(Named::Nothing, Named::Link))
            }
            Kind::LinkBody { path } => named::link(&body, path),
            Kind::Cursor { path, .. } => named::cursor(&body, path),
            Kind::HeaderCursor { header, .. } => named::header(headers, header),
            Kind::Offset { .. } | Kind::LastItem { .. } => Ok(Named::Nothing),
        };
        let more = self.rule.more.as_deref().map_or(Ok(None), |path| named::more(&body, path, self.rule.more_form));
        let counts_pages = matches!(self.rule.kind, Kind::Offset { count: OffsetCount::Pages, .. });
        let pages = self.rule.page_count.as_deref().filter(|_| counts_pages);
        let pages = pages.map_or(Ok(None), |path| named::page_count(&body, path));
        let step = self.rule.offset_step.as_deref().map(|path| named::step(&body, path));
        let items = items::taken(&mut body, self.rule.response_path.as_deref())?;
        let next = match (&self.rule.kind, items.last()) {
            (Kind::LastItem { path, .. }, Some(last)) => named::cursor(last, path),
            _ => next,
        };
        let more = more.and_then(|more| Ok((more, pages?)));
        let next = more.and_then(|(more, pages)| match more {
            Some(false) => Ok(None),
            _ if pages.is_some_and(|pages| self.is_last(pages)) => Ok(None),
            // A page that says that others follow may be empty or short.
            _ if pages.is_some() => self.offset(call, items.len(), step),
            Some(true) => match self.next(call, url, next?, items.len(), step)? {
                None => Err(self.unnamed()),
                next => Ok(next),
            },
            None if self.ought_to_say(call, items.len()) => Err(self.unsaid()),
            None if self.rule.more.is_some() && self.rule.more_form == MoreForm::Present => Ok(None),
            None => self.next(call, url, next?, items.len(), step),
        });
        let next = next.and_then(|next| if next.is_some() { self.bounded(next) } else { Ok(None) });
        Ok(Page { items, next })
    }

    fn next(
        &mut self,
        call: &Call,
        url: &Url,
        named: Named,
        count: usize,
        step: Option<Result<i64>>,
    ) -> Result<Option<Next>> {
        let is_short = self.is_short(call, count);
        match (&self.rule.kind, named) {
            (Kind::Offset { .. }, _) if count == 0 || is_short => Ok(None),
            (Kind::Offset { .. }, _) => self.offset(call, count, step),
            (Kind::LastItem { path, .. }, Named::Absent | Named::Nothing) if count > 0 => {
                Err(broken(format!("the last item of the page has no `{path}`, which asks for the next page")))
            }
            (Kind::LastItem { .. }, Named::Cursor(_)) if is_short => Ok(None),
            (_, Named::Link(link)) => self.follow(url, &link),
            (_, Named::Cursor(cursor)) => self.cursor(call, cursor, count),
            (Kind::Cursor { path, .. }, Named::Absent) if self.ought_to_name(call, count) => Err(broken(format!(
                "the first page has items and no `{path}`, so nothing says whether the list goes on: correct the \
                 rule's path, ask for pages of a known size with `limit`, or say with `cursor_may_be_absent` that the \
                 last page has none"
            ))),
            (_, Named::Absent | Named::Nothing) => Ok(None),
        }
    }

    /// True if the page that was read is the last of so many.
    fn is_last(&self, pages: i64) -> bool {
        let Kind::Offset { start, .. } = &self.rule.kind else { return false };
        self.offset.saturating_sub(*start).saturating_add(1) >= pages
    }

    /// True if a page without the bool that says whether the list goes on leaves that open.
    fn ought_to_say(&self, call: &Call, count: usize) -> bool {
        self.rule.more.is_some() && self.ought_to_name(call, count)
    }

    fn unsaid(&self) -> Error {
        let path = self.rule.more.as_deref().unwrap_or_default();
        broken(format!(
            "the first page has items and no `{path}`, so nothing says whether the list goes on: correct the path"
        ))
    }

    /// The error of a page that says that the list goes on and leads nowhere.
    fn unnamed(&self) -> Error {
        let path = self.rule.more.as_deref().unwrap_or_default();
        broken(format!("`{path}` of the page says that the list goes on, and nothing says where"))
    }

    /// True if a page with fewer items than were asked for is the last: a first one that is short says nothing, for the
    /// upstream may give less than it is asked for. A bool of the page decides where the rule has one, and a page whose
    /// offset grows by more than its items says nothing by being short.
    fn is_short(&mut self, call: &Call, count: usize) -> bool {
        let size = self.size(call);
        let is_last = size.is_some_and(|size| count < size)
            && self.full
            && self.rule.more.is_none()
            && self.rule.offset_step.is_none();
        self.full |= size.is_some_and(|size| count >= size);
        is_last
    }

    /// True if a page without a cursor leaves open if the list goes on: the first one, with items, and not known to be
    /// shorter than what was asked for.
    fn ought_to_name(&self, call: &Call, count: usize) -> bool {
        self.pages == 1
            && count > 0
            && !self.rule.cursor_may_be_absent
            && self.size(call).is_none_or(|size| count >= size)
    }

    /// The number of items that the call asks for, as far as the rule tells.
    fn size(&self, call: &Call) -> Option<usize> {
        let written = || {
            let name = self.rule.limit_name.as_deref()?;
            parameter::number(call, parameter::ParameterIn::of(&self.rule, call), name)
                .and_then(|size| u64::try_from(size).ok())
        };
        self.limit.or_else(written).and_then(|size| usize::try_from(size).ok())
    }

    fn cursor(&mut self, call: &Call, cursor: Value, count: usize) -> Result<Option<Next>> {
        if count == 0 && self.cursor.as_ref() == Some(&cursor) {
            // Asking again would bring the same page.
            return Ok(None);
        }
        if !self.followed.insert(cursor.to_string()) {
            return Err(broken("the upstream names a cursor that was followed before: its pages go round"));
        }
        let (Kind::Cursor { name, .. } | Kind::LastItem { name, .. } | Kind::HeaderCursor { name, .. }) =
            &self.rule.kind
        else {
            return Ok(None);
        };
        let mut next = call.clone();
        if self.rule.cursor_in_header {
            parameter::set_header(&mut next, name, &cursor);
        } else {
            parameter::set(&mut next, parameter::ParameterIn::of(&self.rule, call), name, cursor.clone())?;
        }
        self.cursor = Some(cursor);
        Ok(Some(Next::Call(Box::new(next))))
    }

    fn offset(&mut self, call: &Call, count: usize, step: Option<Result<i64>>) -> Result<Option<Next>> {
        let Kind::Offset { name, count: by, .. } = &self.rule.kind else { return Ok(None) };
        let step = match (step, by) {
            (Some(step), _) => Some(step?),
            (None, OffsetCount::Items) => i64::try_from(count).ok(),
            (None, OffsetCount::Pages) => Some(1),
        };
        let next = step.and_then(|step| self.offset.checked_add(step));
        self.offset = next.ok_or_else(|| broken("the offset of the next page is too large"))?;
        let mut next = call.clone();
        parameter::set(&mut next, parameter::ParameterIn::of(&self.rule, call), name, self.offset.into())?;
        Ok(Some(Next::Call(Box::new(next))))
    }

    fn follow(&mut self, page: &Url, link: &str) -> Result<Option<Next>> {
        let mut url = page.join(link).map_err(|_| broken("the upstream's link to the next page is not a URL"))?;
        if self.rule.link_part == LinkPart::Query {
            let Some(query) = url.query() else {
                return Err(broken("the upstream's link to the next page has no query, which alone is followed"));
            };
            let mut next = page.clone();
            next.set_query(Some(query));
            url = next;
        }
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
        Err(Error::new(ErrorKind::InvalidRequest, message).stage(Stage::Response))
    }
}

/// An answer that does not fit the rule.
fn broken(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::UnexpectedAnswer, message).stage(Stage::Response).sent(true)
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
