//! The pages of a list, one call each.
//!
//! [`Pages::next`] asks for a page when it is called, never ahead. A link to the next page leads to the provider's hosts
//! or nowhere: it is held against the set like a redirect, and where a customer names the whole host, against that host.
//! Absent here: how the next page is found ([`crate::response::paginate`]).

use super::{Keyway, answer};
use crate::connection::ConnectionKey;
use crate::error::{Error, ErrorKind, Result};
use crate::parts::inputs;
use crate::pipeline::Asked;
use crate::request::{self, Call, CallBody, PlannedUrl};
use crate::response::paginate::{DEFAULT_MOST_PAGES, LinkTo, Next, Paginate, Walk};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::marker::PhantomData;
use url::Url;

/// The pages of a list whose items are `T`.
#[must_use = "nothing is sent before `next`"]
#[derive(Debug)]
pub struct Pages<T = Value> {
    keyway: Keyway,
    key: ConnectionKey,
    rule: Option<Paginate>,
    limit: Option<u64>,
    most: usize,
    state: State,
    item: PhantomData<fn() -> T>,
}

#[derive(Debug)]
enum State {
    Fresh(Result<Call>),
    /// `home` is the first page's URL.
    Under {
        walk: Walk,
        call: Call,
        home: Option<Url>,
    },
    /// The list goes on, but cannot be followed.
    Broken(Error),
    Ended,
}

impl Keyway {
    /// The pages of a list, by the provider's own rule, as JSON values.
    pub fn pages(&self, key: &ConnectionKey, call: Call) -> Pages {
        Pages::new(self.clone(), key.clone(), Ok(call))
    }
}

impl<T: DeserializeOwned> Pages<T> {
    pub(super) fn new(keyway: Keyway, key: ConnectionKey, call: Result<Call>) -> Pages<T> {
        let (rule, limit, most, state) = (None, None, DEFAULT_MOST_PAGES, State::Fresh(call));
        Pages { keyway, key, rule, limit, most, state, item: PhantomData }
    }

    /// Follows this rule instead of the provider's.
    pub fn rule(self, rule: Paginate) -> Pages<T> {
        Pages { rule: Some(rule), ..self }
    }

    /// Asks for pages of this size, by the rule's own parameter for it.
    pub fn limit(self, items: u64) -> Pages<T> {
        Pages { limit: Some(items), ..self }
    }

    /// Reads at most so many pages, 10,000 by default; a list that goes on behind them is an error.
    pub fn max_pages(self, pages: usize) -> Pages<T> {
        Pages { most: pages, ..self }
    }

    /// The next page; `None` at the end. A page in the middle may be empty.
    ///
    /// A call that fails may be made again by asking again; a page that cannot be read ends the walk.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>> {
        let (mut walk, call, home) = match std::mem::replace(&mut self.state, State::Ended) {
            State::Fresh(call) => {
                let (walk, call) = self.start(call?).await?;
                (walk, call, None)
            }
            State::Under { walk, call, home } => (walk, call, home),
            State::Broken(error) => return Err(error),
            State::Ended => return Ok(None),
        };
        let (head, body) = match answer::whole(&self.keyway, &self.key, call.clone()).await {
            Ok(answer) => answer,
            Err(error) => {
                self.state = State::Under { walk, call, home };
                return Err(error);
            }
        };
        let body = if body.is_empty() { Value::Null } else { json(&body)? };
        let (Some(Asked(asked)), Some(PlannedUrl(came_from))) = (head.extensions.get(), head.extensions.get()) else {
            return Err(Error::new(ErrorKind::Internal, "the response does not know where it came from"));
        };
        let page = walk.read(&call, came_from, &head.headers, body)?;
        let home = home.unwrap_or_else(|| asked.0.clone());
        let next = match page.next {
            Ok(Some(Next::Link(link))) => self.linked(&call, link, &home).await.map(Some),
            Ok(Some(Next::Call(call))) => Ok(Some(call)),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        let ended = matches!(next, Ok(None));
        self.state = match next {
            Ok(Some(call)) => State::Under { walk, call, home: Some(home) },
            Ok(None) => State::Ended,
            Err(error) => State::Broken(error),
        };
        if ended && page.items.is_empty() { Ok(None) } else { typed(page.items).map(Some) }
    }

    async fn start(&self, call: Call) -> Result<(Walk, Call)> {
        if matches!(call.body, CallBody::Stream) {
            let message = "a streamed body can be sent once, so its call has no pages: pass it as bytes";
            return Err(Error::new(ErrorKind::InvalidRequest, message).sent(false));
        }
        let (_, spec) = self.keyway.parts.integration(&self.key.integration).await?;
        let declared = || spec.proxy.and_then(|proxy| proxy.paginate).map(Paginate::from);
        let rule = self.rule.clone().or_else(declared).ok_or_else(|| {
            let message = "the provider declares no pagination rule: give one with `rule`";
            Error::new(ErrorKind::Unsupported, message).provider(spec.key).sent(false)
        })?;
        let mut walk = Walk::new(rule, self.limit, self.most);
        let call = walk.first(call)?;
        Ok((walk, call))
    }

    /// The call for a page that the upstream linked to; an error if the link leads out of the set.
    async fn linked(&self, call: &Call, LinkTo(url): LinkTo, home: &Url) -> Result<Call> {
        let parts = &self.keyway.parts;
        let connection = parts.connection(&self.key).await?;
        let (integration, spec) = parts.integration(&self.key.integration).await?;
        let moment = parts.moment()?;
        let inputs = inputs(spec, &integration, &connection, &moment);
        let egress = request::egress(&inputs, parts.policy.clone(), call).narrowed_to(home);
        egress.check_url(&url).map_err(|error| error.provider(spec.key).stage("page link"))?;
        if home.scheme() == "https" && url.scheme() != "https" {
            let message = "the link to the next page leads from `https:` to plain `http:`";
            return Err(Error::new(ErrorKind::HostNotAllowed, message)
                .provider(spec.key)
                .stage("page link")
                .sent(false));
        }
        let (origin, rest) = (url.origin().ascii_serialization(), &url[url::Position::BeforePath..]);
        // The link says everything: the parameters of the first call are in it where they still hold.
        Ok(Call { base_url_override: Some(origin), endpoint: rest.to_owned(), query: Vec::new(), ..call.clone() })
    }
}

fn json(body: &[u8]) -> Result<Value> {
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("the page is not JSON: line {}, column {}", error.line(), error.column());
        Error::new(ErrorKind::InvalidValue, message).stage("response").sent(true)
    })
}

/// The items as the caller's type. What the parser says may quote an item, so only its place is told.
fn typed<T: DeserializeOwned>(items: Vec<Value>) -> Result<Vec<T>> {
    let items = items.into_iter().enumerate().map(|(index, item)| {
        T::deserialize(item).map_err(|_| {
            let message = format!("item {index} of the page does not have the shape that was expected");
            Error::new(ErrorKind::InvalidValue, message).stage("response").sent(true)
        })
    });
    items.collect()
}
