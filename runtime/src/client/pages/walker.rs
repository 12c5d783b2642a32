//! A walk through a list, page by page, as JSON values.
//!
//! A link to the next page leads to the provider's hosts or nowhere: it is held against the set like a redirect, and
//! where a customer names the whole host, against that host. How the next page is found is decided in
//! [`crate::response::paginate`].

use crate::client::answer::{self, Failure, Whole};
use crate::client::keyway::Keyway;
use crate::client::refusal::{self, ErrorRule};
use crate::connection::ConnectionKey;
use crate::egress::Egress;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::planned::PlannedUrl;
use crate::request::{Call, CallBody};
use crate::response::paginate::{DEFAULT_MAX_PAGES, LinkTo, Next, Page, Paginate, PaginateOverlay, Walk};
use serde_json::Value;
use std::sync::Arc;
use url::Url;

/// Where a walk is.
#[derive(Debug)]
pub(super) struct Walker {
    keyway: Keyway,
    key: ConnectionKey,
    pub(super) rule: Option<Paginate>,
    /// The endpoint's own keys, over the entry's rule.
    pub(super) overlay: PaginateOverlay,
    /// Which successes are errors.
    pub(super) errors: &'static [ErrorRule],
    pub(super) limit: Option<u64>,
    pub(super) max_pages: usize,
    pub(super) cursor_may_be_absent: bool,
    /// What the last page belongs to, for errors about its items.
    page: Option<Origin>,
    state: State,
}

/// Where a page came from, as errors name it.
#[derive(Clone, Debug)]
struct Origin {
    provider: &'static str,
    endpoint: String,
    status: u16,
}

#[derive(Debug)]
enum State {
    Fresh(Result<Box<Call>>),
    Under(Box<Under>),
    /// The list goes on, but cannot be followed.
    Broken(Error),
    Ended,
}

#[derive(Debug)]
struct Under {
    walk: Walk,
    /// The call for the page that is due.
    call: Call,
    /// The URL that the first page was asked of. It may carry a credential: `Debug` shows its host only.
    home: Option<PlannedUrl>,
}

impl Walker {
    pub(super) fn new(keyway: Keyway, key: ConnectionKey, call: Result<Call>) -> Walker {
        Walker {
            keyway,
            key,
            rule: None,
            overlay: PaginateOverlay::NONE,
            errors: &[],
            limit: None,
            max_pages: DEFAULT_MAX_PAGES,
            cursor_may_be_absent: false,
            page: None,
            state: State::Fresh(call.map(Box::new)),
        }
    }

    /// An error about the last page, which names provider and endpoint.
    pub(super) fn about(&self, error: Error) -> Error {
        match &self.page {
            Some(page) => error.provider(page.provider).endpoint(&page.endpoint).response(page.status, ""),
            None => error,
        }
    }

    /// The next page; `None` at the end. A page in the middle may be empty.
    ///
    /// If a call fails or its future is dropped, the next call of this method repeats it; a page that cannot be read
    /// ends the walk.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Value>>, Failure> {
        if let State::Fresh(Ok(call)) = &self.state {
            self.state = State::Under(Box::new(self.start(Call::clone(call)).await?));
        }
        let State::Under(under) = &mut self.state else {
            return match std::mem::replace(&mut self.state, State::Ended) {
                State::Fresh(Err(error)) | State::Broken(error) => Err(error.into()),
                _ => Ok(None),
            };
        };
        let answer = answer::whole(&self.keyway, &self.key, under.call.clone()).await?;
        let answer = refusal::success(self.errors, answer)?;
        let Whole { status, headers, body, endpoint, requested_url, final_url, egress, account } = answer;
        let PlannedUrl(home) = under.home.get_or_insert(requested_url);
        let hosts = Arc::unwrap_or_clone(egress).narrowed_to(home);
        self.page = Some(Origin { provider: account.spec.key, endpoint, status: status.as_u16() });
        // From here on nothing waits, so that a dropped future leaves no half-read page.
        let page = json(&body).and_then(|body| under.walk.read(&under.call, &final_url.0, &headers, body));
        let Page { items, next } = match page {
            Ok(page) => page,
            Err(error) => {
                self.state = State::Ended;
                return Err(self.about(error).into());
            }
        };
        let next = next.and_then(|next| next.map(|next| followed(&under.call, next, &hosts, home)).transpose());
        let ended = matches!(next, Ok(None));
        match next {
            Ok(Some(call)) => under.call = call,
            Ok(None) => self.state = State::Ended,
            Err(error) => self.state = State::Broken(self.about(error)),
        }
        Ok(if ended && items.is_empty() { None } else { Some(items) })
    }

    async fn start(&self, call: Call) -> Result<Under> {
        if matches!(call.body, CallBody::Stream) {
            let message = "a streamed body can be sent once, so its call has no pages: pass it as bytes";
            return Err(Error::new(ErrorKind::InvalidRequest, message).sent(false));
        }
        let (_, spec) = self.keyway.engine().integration(&self.key.integration).await?;
        let declared = || spec.proxy.and_then(|proxy| proxy.paginate).map(Paginate::from);
        let mut rule = self.rule.clone().or_else(|| self.overlay.over(declared())).ok_or_else(|| {
            let message = "the provider declares no pagination rule: give one with `rule`";
            Error::new(ErrorKind::Unsupported, message).provider(spec.key).sent(false)
        })?;
        rule.cursor_may_be_absent |= self.cursor_may_be_absent;
        let mut walk = Walk::new(rule, self.limit, self.max_pages);
        let call = walk.first(call)?;
        Ok(Under { walk, call, home: None })
    }
}

/// The call for the next page; an error if it is a link that leads out of the set.
fn followed(call: &Call, next: Next, hosts: &Egress, home: &Url) -> Result<Call> {
    let url = match next {
        Next::Call(call) => return Ok(*call),
        Next::Link(LinkTo(url)) => url,
    };
    hosts.check_url(&url).map_err(|error| error.stage(Stage::PageLink))?;
    if home.scheme() == "https" && url.scheme() != "https" {
        let message = "the link to the next page leads from `https:` to plain `http:`";
        return Err(Error::new(ErrorKind::HostNotAllowed, message).stage(Stage::PageLink).sent(false));
    }
    let mut call = call.clone().endpoint(&url[url::Position::BeforePath..]);
    call.base_url_override = Some(url.origin().ascii_serialization());
    // The link says everything: the parameters of the first call are in it where they still hold.
    call.query.clear();
    Ok(call)
}

/// A page; nothing is an empty one.
fn json(body: &[u8]) -> Result<Value> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("the page is not JSON: line {}, column {}", error.line(), error.column());
        Error::new(ErrorKind::UnexpectedAnswer, message).stage(Stage::Response).sent(true)
    })
}
