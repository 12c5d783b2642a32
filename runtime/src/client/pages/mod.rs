//! The pages of a list, one call each.
//!
//! [`Pages::next`] asks for a page when it is called, never ahead; the stream does the same when it is polled.
//! Where a page may be asked of is decided in [`walker`].

mod walker;

use super::answer::Failure;
use super::keyway::Keyway;
use super::refusal::Refusals;
use super::shape;
use crate::connection::ConnectionKey;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::request::Call;
use crate::response::paginate::{Paginate, PaginateOverlay};
use crate::transport::BoxFuture;
use futures_core::Stream;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use walker::Walker;

/// The pages of a list whose items are `T`: [`Pages::next`], or a [`Stream`] of pages.
///
/// Both may be used on the same value, in turns. `E` is the error: [`CallError`](crate::CallError) for an endpoint with
/// `#[error(..)]`.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # let keyway = acme::connected().await?;
/// # let client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
/// use keyway::Pages;
///
/// #[derive(serde::Deserialize)]
/// struct Ticket {
///     id: u64,
/// }
///
/// let mut pages: Pages<Ticket> = client.get("/tickets").pages();
/// while let Some(page) = pages.next().await? {
///     assert_eq!(page.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), [1, 2]);
/// }
/// # Ok(())
/// # });
/// ```
#[must_use = "nothing is sent before `next`"]
pub struct Pages<T = Value, E = Error> {
    now: Now<T, E>,
    refusals: Refusals<E>,
    item: PhantomData<fn() -> T>,
}

/// A page as JSON; `None` at the end.
type Page = Result<Option<Vec<Value>>, Failure>;

enum Now<T, E> {
    Idle(Box<Walker>),
    /// A stream was polled and its page is not there yet.
    Asking(BoxFuture<'static, (Box<Walker>, Page)>),
    /// Pages that a program made itself.
    Made(Box<dyn Iterator<Item = Result<Vec<T>, E>> + Send>),
    /// The call for a page panicked.
    Lost,
}

impl Keyway {
    /// The pages of a list, by the provider's own rule, as JSON values.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// use keyway::{Call, ConnectionKey};
    ///
    /// let mut pages = keyway.pages(&ConnectionKey::new("acme", "customer-42"), Call::get("/tickets"));
    /// assert_eq!(pages.next().await?.map(|page| page.len()), Some(2));
    /// # Ok(())
    /// # });
    /// ```
    pub fn pages(&self, key: &ConnectionKey, call: Call) -> Pages {
        Pages::new(self.clone(), key.clone(), Ok(call))
    }
}

impl<T> Pages<T> {
    pub(super) fn new(keyway: Keyway, key: ConnectionKey, call: Result<Call>) -> Pages<T> {
        Pages::walk(Walker::new(keyway, key, call), Refusals::PLAIN)
    }

    /// Pages that a program makes itself, for tests of code that reads some.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// use keyway::Pages;
    ///
    /// let mut pages = Pages::of([vec![1, 2], vec![3]]);
    /// assert_eq!(pages.next().await?, Some(vec![1, 2]));
    /// assert_eq!(pages.collect(10).await?, [3]);
    /// # Ok(())
    /// # });
    /// ```
    pub fn of<I>(pages: I) -> Pages<T>
    where
        T: 'static,
        I: IntoIterator<Item = Vec<T>, IntoIter: Send + 'static>,
    {
        Pages::of_results(pages.into_iter().map(Ok))
    }
}

impl<T, E: From<Error>> Pages<T, E> {
    /// Pages that a program makes itself, some of which fail.
    pub fn of_results<I>(pages: I) -> Pages<T, E>
    where
        I: IntoIterator<Item = Result<Vec<T>, E>, IntoIter: Send + 'static>,
    {
        let now = Now::Made(Box::new(pages.into_iter()));
        Pages { now, refusals: Refusals::without_shape(), item: PhantomData }
    }
}

impl<T, E> Pages<T, E> {
    /// The pages of an endpoint, with what it says of its pages and of its errors.
    pub(super) fn of_endpoint(
        keyway: Keyway,
        key: ConnectionKey,
        call: Result<Call>,
        overlay: PaginateOverlay,
        refusals: Refusals<E>,
    ) -> Pages<T, E> {
        let mut walker = Walker::new(keyway, key, call);
        (walker.overlay, walker.errors) = (overlay, refusals.rules);
        Pages::walk(walker, refusals)
    }

    fn walk(walker: Walker, refusals: Refusals<E>) -> Pages<T, E> {
        Pages { now: Now::Idle(Box::new(walker)), refusals, item: PhantomData }
    }

    /// Follows this rule instead of the provider's.
    pub fn rule(self, rule: Paginate) -> Pages<T, E> {
        self.change(|walker| walker.rule = Some(rule))
    }

    /// Asks for pages of this size, by the rule's own parameter for it.
    pub fn limit(self, items: u64) -> Pages<T, E> {
        self.change(|walker| walker.limit = Some(items))
    }

    /// Declares that the provider omits its cursor when there is no further page, even on the first page. Otherwise a
    /// first page without a cursor is an error, unless it is empty or shorter than [`Pages::limit`], because the rule
    /// may be wrong.
    pub fn cursor_may_be_absent(self) -> Pages<T, E> {
        self.change(|walker| walker.cursor_may_be_absent = true)
    }

    /// Reads at most so many pages, 10,000 by default; a list that goes on after them is an error.
    pub fn max_pages(self, pages: usize) -> Pages<T, E> {
        self.change(|walker| walker.max_pages = pages)
    }

    fn change(mut self, change: impl FnOnce(&mut Walker)) -> Pages<T, E> {
        if let Now::Idle(walker) = &mut self.now {
            change(walker);
        }
        self
    }
}

impl<T: DeserializeOwned, E: From<Error>> Pages<T, E> {
    /// The next page; `None` at the end. A page in the middle may be empty.
    ///
    /// If a call fails or its future is dropped, the next call of this method repeats it; a page that cannot be read
    /// ends the walk.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>, E> {
        let page = match &mut self.now {
            Now::Idle(walker) => walker.next().await,
            Now::Made(pages) => return pages.next().transpose(),
            Now::Asking(_) | Now::Lost => std::future::poll_fn(|context| self.poll_values(context)).await,
        };
        self.typed(page)
    }

    /// All remaining items, page after page; a list with more than `most` of them is an error.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// # let client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
    /// let tickets: Vec<serde_json::Value> = client.get("/tickets").pages().collect(10_000).await?;
    /// assert_eq!(tickets.len(), 2);
    /// # Ok(())
    /// # });
    /// ```
    pub async fn collect(mut self, most: usize) -> Result<Vec<T>, E> {
        let mut items = Vec::new();
        while let Some(page) = self.next().await? {
            if items.len() + page.len() > most {
                let message = format!("the list has more than {most} items");
                return Err(Error::new(ErrorKind::InvalidValue, message).stage(Stage::Response).sent(true).into());
            }
            items.extend(page);
        }
        Ok(items)
    }

    /// The items as the caller's type.
    fn typed(&self, page: Page) -> Result<Option<Vec<T>>, E> {
        let page = page.map_err(|failure| self.refusals.error(failure))?;
        let items = page.map(|items| shape::items(&items)).transpose();
        items.map_err(|said| {
            let error = Error::new(ErrorKind::UnexpectedAnswer, said).stage(Stage::Response).sent(true);
            match &self.now {
                Now::Idle(walker) => walker.about(error).into(),
                Now::Asking(_) | Now::Made(_) | Now::Lost => error.into(),
            }
        })
    }

    fn poll_values(&mut self, context: &mut Context<'_>) -> Poll<Page> {
        let mut asking = match std::mem::replace(&mut self.now, Now::Lost) {
            Now::Idle(mut walker) => Box::pin(async move {
                let page = walker.next().await;
                (walker, page)
            }),
            Now::Asking(asking) => asking,
            Now::Lost | Now::Made(_) => {
                let message = "the walk through the list was broken off by a panic";
                return Poll::Ready(Err(Error::new(ErrorKind::Internal, message).into()));
            }
        };
        match asking.as_mut().poll(context) {
            Poll::Pending => {
                self.now = Now::Asking(asking);
                Poll::Pending
            }
            Poll::Ready((walker, page)) => {
                self.now = Now::Idle(walker);
                Poll::Ready(page)
            }
        }
    }
}

impl<T: DeserializeOwned, E: From<Error>> Stream for Pages<T, E> {
    type Item = Result<Vec<T>, E>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Now::Made(pages) = &mut self.now {
            return Poll::Ready(pages.next());
        }
        let page = ready!(self.poll_values(context));
        Poll::Ready(self.typed(page).transpose())
    }
}

impl<T, E> fmt::Debug for Pages<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Pages");
        match &self.now {
            Now::Idle(walker) => shown.field("walk", walker).finish(),
            Now::Asking(_) | Now::Made(_) | Now::Lost => shown.finish_non_exhaustive(),
        }
    }
}
