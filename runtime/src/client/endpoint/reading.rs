//! A call whose answer is read as a value, as a future.
//!
//! What is sent and awaited does not depend on the type of the value, so it is compiled once, here, and stands in a
//! box. A method's future is then `Send` at a glance: rustc would look through all of the call again for every method.

use super::read::{Read, ReadAs};
use crate::client::answer::{Failure, Whole};
use crate::client::refusal::Refusals;
use crate::error::Error;
use crate::transport::BoxFuture;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A call whose answer will be read as `R` says. Nothing is sent before it is awaited.
#[must_use = "nothing is sent before it is awaited"]
pub struct ReadFuture<'c, R, E = Error> {
    pub(super) answer: BoxFuture<'c, Result<Whole, Failure>>,
    /// Statuses that mean that there is no value.
    pub(super) absent: &'static [u16],
    pub(super) refusals: Refusals<E>,
    pub(super) reads: PhantomData<fn() -> R>,
}

impl<R: ReadAs, E: From<Error>> Future for ReadFuture<'_, R, E> {
    type Output = Result<R::Out, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = ready!(self.answer.as_mut().poll(context));
        Poll::Ready(self.read(answer))
    }
}

impl<R: ReadAs, E: From<Error>> ReadFuture<'_, R, E> {
    fn read(&self, answer: Result<Whole, Failure>) -> Result<R::Out, E> {
        let whole = answer.map_err(|failure| self.refusals.error(failure))?;
        let is_absent = self.absent.contains(&whole.status.as_u16());
        let whole = if is_absent { whole } else { self.refusals.success(whole)? };
        Ok(R::read(&Read { whole: &whole, is_absent })?)
    }
}

impl<R, E> fmt::Debug for ReadFuture<'_, R, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadFuture").field("absent", &self.absent).finish_non_exhaustive()
    }
}
